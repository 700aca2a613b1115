namespace Slipway.Migrations.Rehearsal;

/// <summary>What undoing a migration does.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Differences">What was lost, counted, or why it fails; empty when all was as before.</param>
public sealed record UndoReport(UndoOutcome Outcome, IReadOnlyList<string> Differences)
{
    /// <summary>Nothing undoes it.</summary>
    public static UndoReport None { get; } = new(UndoOutcome.None, []);
}

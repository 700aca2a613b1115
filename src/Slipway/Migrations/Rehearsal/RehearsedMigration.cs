namespace Slipway.Migrations.Rehearsal;

/// <summary>What a rehearsal knows of a migration.</summary>
/// <param name="Name">The migration.</param>
/// <param name="Path">Its file, from the migrations' folder on.</param>
/// <param name="Verdict">What it means for the release that is live.</param>
/// <param name="Reasons">Why.</param>
/// <param name="Trace">What it did.</param>
/// <param name="Findings">What of that keeps others waiting, or is too much at once.</param>
/// <param name="Undo">What undoing it does.</param>
public sealed record RehearsedMigration(
    string Name,
    string Path,
    SchemaVerdict Verdict,
    IReadOnlyList<string> Reasons,
    MigrationTrace Trace,
    IReadOnlyList<TraceFinding> Findings,
    UndoReport Undo
)
{
    /// <summary>True when its author gives a reason for the verdict, which counts whatever was seen.</summary>
    public bool IsReasoned { get; init; }
}

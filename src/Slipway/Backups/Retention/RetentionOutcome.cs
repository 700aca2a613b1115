using Slipway.Settings;

namespace Slipway.Backups.Retention;

/// <summary>What became of a plan.</summary>
/// <param name="Deleted">Ids of what was removed.</param>
/// <param name="Locked">Ids of what the store keeps, and why.</param>
/// <param name="Failed">Ids of what could not be removed, and why.</param>
public sealed record RetentionOutcome(
    IReadOnlyList<string> Deleted,
    IReadOnlyDictionary<string, string> Locked,
    IReadOnlyDictionary<string, string> Failed
)
{
    /// <summary>What a caller is told: locked backups are no failure.</summary>
    public ExitCode ExitCode => Failed.Count == 0 ? ExitCode.Done : ExitCode.Failed;
}

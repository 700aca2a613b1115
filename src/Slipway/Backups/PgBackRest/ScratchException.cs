using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>A restored copy did not come up, or is not whole.</summary>
/// <param name="backup">The backup it was restored from.</param>
/// <param name="what">What happened.</param>
/// <param name="log">The last lines that the copy or the check wrote.</param>
public sealed class ScratchException(string backup, string what, IReadOnlyList<string> log)
    : SlipwayException($"{what}\n  {string.Join("\n  ", log)}", HintFor(log))
{
    /// <summary>The backup it was restored from.</summary>
    public string Backup { get; } = backup;

    /// <summary>The last lines that were written.</summary>
    public IReadOnlyList<string> Log { get; } = log;

    private static string HintFor(IReadOnlyList<string> log) =>
        log.Any(line => line.Contains("before configured recovery target was reached", StringComparison.Ordinal))
            ? "the archived write-ahead log ends before the point asked for: choose an earlier one, or archive more first (SELECT pg_switch_wal())"
        : log.Any(line => line.Contains("before consistent recovery point", StringComparison.Ordinal))
            ? "the point asked for is before the end of the backup: name an older backup"
        : log.Any(line => line.Contains("could not access file", StringComparison.Ordinal))
            ? "an extension of the original is not installed here: install the same packages"
        : log.Any(line => line.Contains("could not locate required checkpoint record", StringComparison.Ordinal))
            ? "write-ahead log of the backup is missing: verify the repository, and restore from another backup"
        : "do not rely on this backup until it is understood; try an older one, and take a new one";
}

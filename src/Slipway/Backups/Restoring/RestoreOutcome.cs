using System.Globalization;
using Slipway.Runs;

namespace Slipway.Backups.Restoring;

/// <summary>A database was replaced by a backup.</summary>
public sealed record RestoreOutcome
{
    /// <summary>The backup.</summary>
    public required string Backup { get; init; }

    /// <summary>The live database, which is the restored one now.</summary>
    public required string Database { get; init; }

    /// <summary>What the replaced one is called now; nobody is let into it.</summary>
    public required string Replaced { get; init; }

    /// <summary>Until when it should be kept.</summary>
    public required DateTimeOffset DropAfter { get; init; }

    /// <summary>What was written since the backup.</summary>
    public required WritesSince Writes { get; init; }

    /// <summary>Who agreed.</summary>
    public required IReadOnlyList<string> ConfirmedBy { get; init; }

    /// <summary>Folder of the salvaged rows in the store; null when there were none.</summary>
    public string? Salvage { get; init; }

    /// <summary>How long the new database took.</summary>
    public required TimeSpan RestoreTime { get; init; }

    /// <summary>How long it took to close the live database.</summary>
    public required TimeSpan FenceTime { get; init; }

    /// <summary>How long the change of names took.</summary>
    public required TimeSpan SwapTime { get; init; }

    /// <summary>How long nobody could connect.</summary>
    public required TimeSpan Downtime { get; init; }

    /// <summary>Names and values for the run's record.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Evidence =>
        [
            new("backup", Backup),
            new("database", Database),
            new("replaced database", Replaced),
            new("drop replaced after", DropAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            new("rows lost at most", Writes.Rows.ToString(CultureInfo.InvariantCulture)),
            new("transactions since backup", Writes.Transactions?.ToString(CultureInfo.InvariantCulture) ?? "unknown"),
            new("proven that nothing is lost", Writes.IsZero ? "yes" : "no"),
            new("confirmed by", ConfirmedBy.Count == 0 ? "nobody, nothing was lost" : string.Join(", ", ConfirmedBy)),
            new("salvage", Salvage ?? "nothing to salvage"),
            new("restore time", RunOutput.Duration(RestoreTime)),
            new("fence time", Milliseconds(FenceTime)),
            new("swap time", Milliseconds(SwapTime)),
            new("downtime", Milliseconds(Downtime)),
        ];

    private static string Milliseconds(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms");
}

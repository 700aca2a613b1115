namespace Slipway.Migrations;

/// <summary>What a tool's history says about a migration.</summary>
/// <param name="Id">The row's own id, or what stands for it.</param>
/// <param name="Name">Name of the migration; a name can have several rows.</param>
/// <param name="Checksum">Checksum of the file that was applied, as the tool writes it; null when it keeps none.</param>
/// <param name="StartedAt">When it was begun; null when the tool does not keep it.</param>
/// <param name="FinishedAt">When it was done; null when the tool does not keep it, or it is not done.</param>
/// <param name="RolledBackAt">When it was undone; null otherwise.</param>
/// <param name="Logs">What went wrong; null or empty when nothing did.</param>
public sealed record HistoryRow(
    string Id,
    string Name,
    string? Checksum,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? RolledBackAt,
    string? Logs
)
{
    /// <summary>True when it was begun and never finished.</summary>
    public bool IsFailed { get; init; }

    /// <summary>True when it was undone.</summary>
    public bool IsRolledBack { get; init; } = RolledBackAt is not null;

    /// <summary>True when its file does not matter: it stands for a baseline, or a file that was declared gone.</summary>
    public bool NeedsNoFile { get; init; }
}

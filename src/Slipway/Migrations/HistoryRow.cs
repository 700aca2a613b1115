namespace Slipway.Migrations;

/// <summary>A row of Prisma's table <c>_prisma_migrations</c>.</summary>
/// <param name="Id">Its own id.</param>
/// <param name="Name">Name of the migration; a name can have several rows.</param>
/// <param name="Checksum">Checksum of the file that was applied.</param>
/// <param name="StartedAt">When it was begun.</param>
/// <param name="FinishedAt">When it was done; null when it failed or still runs.</param>
/// <param name="RolledBackAt">When somebody declared it undone; null otherwise.</param>
/// <param name="Logs">What went wrong; null or empty when nothing did.</param>
public sealed record HistoryRow(
    string Id,
    string Name,
    string Checksum,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? RolledBackAt,
    string? Logs
);

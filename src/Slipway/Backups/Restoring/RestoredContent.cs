using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Reads what a restored database holds, and compares it with its backup.</summary>
internal static class RestoredContent
{
    /// <summary>In what it differs; empty when it is what the backup holds.</summary>
    public static async Task<IReadOnlyList<ContentDifference>> CompareAsync(
        BackupManifest manifest,
        RestoredDatabase restored,
        CancellationToken cancellationToken
    )
    {
        var content = await ReadAsync(manifest, restored.Url, cancellationToken);
        return ContentComparison.Compare(manifest.Content, content, restored.MissingRoles.Count > 0);
    }

    private static async Task<DatabaseContent> ReadAsync(
        BackupManifest manifest,
        DatabaseUrl url,
        CancellationToken cancellationToken
    )
    {
        var hashed = manifest
            .Content.Tables.Where(table => table.Hash is not null)
            .Select(table => table.Table)
            .ToHashSet(StringComparer.Ordinal);
        await using var session = await ServerSession.ConnectAsync(url, url.Database, cancellationToken);
        await session.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellationToken);
        var content = await new ContentReader(session.Connection).ReadAsync(
            (table, _) => hashed.Contains(table),
            _ => Task.FromResult<long?>(null),
            cancellationToken
        );
        await session.ExecuteAsync("COMMIT", cancellationToken);
        return content;
    }
}

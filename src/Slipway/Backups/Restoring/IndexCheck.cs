using Npgsql;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Looks into the indexes of a database with PostgreSQL's own checker, where it can be had.</summary>
internal static class IndexCheck
{
    private const string Indexes = """
        SELECT c.oid::bigint, format('%I.%I', n.nspname, c.relname)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence <> 't' AND i.indisvalid AND i.indisready
          AND n.nspname NOT LIKE 'pg\_%' ORDER BY 2
        """;

    /// <summary>Looks into every B-tree.</summary>
    /// <returns>What is wrong, and why nothing was looked at; null when it was.</returns>
    public static async Task<(IReadOnlyList<ContentDifference> Found, string? Skipped)> RunAsync(
        DatabaseUrl url,
        CancellationToken cancellationToken
    )
    {
        await using var session = await ServerSession.ConnectAsync(url, url.Database, cancellationToken);
        try
        {
            await session.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA public", cancellationToken);
        }
        catch (PostgresException exception)
        {
            return ([], exception.MessageText);
        }

        var found = new List<ContentDifference>();
        var indexes = await session.ListAsync(
            Indexes,
            row => (Id: row.GetInt64(0), Name: row.GetString(1)),
            cancellationToken
        );
        foreach (var (id, name) in indexes)
        {
            try
            {
                await session.ListAsync(
                    "SELECT 1 FROM public.bt_index_check($1::oid::regclass)",
                    row => row.GetInt32(0),
                    cancellationToken,
                    id
                );
            }
            catch (PostgresException exception)
            {
                found.Add(new($"index {name}", "whole", exception.MessageText));
            }
        }

        return (found, null);
    }
}

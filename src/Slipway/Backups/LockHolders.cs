using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups;

/// <summary>Finds who keeps a dump from reading: only the strongest lock does, and who waits for one stands in the way too.</summary>
internal static class LockHolders
{
    private const string Question = """
        SELECT format('%I.%I', n.nspname, c.relname), l.granted, a.pid, a.usename::text, a.application_name,
               extract(epoch FROM clock_timestamp() - a.xact_start)::float8
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE l.mode = 'AccessExclusiveLock' AND c.relkind IN ('r', 'p') AND a.datname = current_database()
        ORDER BY l.granted DESC, a.xact_start LIMIT 5
        """;

    /// <summary>Names the tables, who locks them and since when; null when nobody does any more.</summary>
    public static async Task<string?> TextAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = PostgresSource.Create(url with { Schema = "pg_catalog" }, "backup");
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var found = await Query.RowsAsync(connection, Question, Line, cancellationToken);
            return found.Count == 0 ? null : string.Join("; ", found);
        }
        catch (NpgsqlException)
        {
            // The failure itself is told all the same.
            return null;
        }
    }

    private static string Line(NpgsqlDataReader row)
    {
        var program = row.IsDBNull(4) || row.GetString(4).Length == 0 ? "" : $" ({row.GetString(4)})";
        var since = row.IsDBNull(5) ? "" : $", for {RunOutput.Duration(TimeSpan.FromSeconds(row.GetDouble(5)))}";
        return $"{row.GetString(0)} is {(row.GetBoolean(1) ? "locked" : "wanted alone")} by process {row.GetInt32(2)} of role "
            + $"{(row.IsDBNull(3) ? "unknown" : row.GetString(3))}{program}{since}";
    }
}

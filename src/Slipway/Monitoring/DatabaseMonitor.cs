using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Monitoring;

/// <summary>Measures how a database does, and judges it.</summary>
public sealed class DatabaseMonitor(TimeProvider time)
{
    private const string Question = """
        SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()),
               current_setting('max_connections')::int,
               (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - query_start)), 0)::float8 FROM pg_stat_activity
                WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()),
               (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'),
               (SELECT coalesce(100.0 * blks_hit / nullif(blks_hit + blks_read, 0), 100)::float8 FROM pg_stat_database
                WHERE datname = current_database()),
               (SELECT count(*)::int FROM pg_index WHERE NOT indisvalid),
               pg_database_size(current_database())
        """;

    /// <summary>Measures.</summary>
    public async Task<DatabaseHealth> ObserveAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        await using var source = PostgresSource.Create(url, "monitor");
        var started = time.GetTimestamp();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var connected = time.GetElapsedTime(started);
        await using var command = new NpgsqlCommand(Question, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(
            connected,
            row.GetInt32(0),
            row.GetInt32(1),
            TimeSpan.FromSeconds(row.GetDouble(2)),
            row.GetInt32(3),
            row.GetDouble(4),
            row.GetInt32(5),
            row.GetInt64(6)
        );
    }

    /// <summary>What is not as the environment's thresholds want it.</summary>
    public static IReadOnlyList<HealthFinding> Judge(DatabaseHealth health, MonitoringSettings settings)
    {
        var findings = new List<HealthFinding>();
        Over(
            health.ConnectTime > settings.ConnectionTime,
            $"connecting takes {health.ConnectTime}, over {settings.ConnectionTime}",
            "look at the network and at the server's load"
        );
        Over(
            health.LongestQuery > settings.QueryTime,
            $"a query runs for {health.LongestQuery}, over {settings.QueryTime}",
            "find it in pg_stat_activity; pg_cancel_backend(pid) stops it"
        );
        Over(
            health.Connections > settings.ConnectionCount,
            $"{health.Connections} connections, over {settings.ConnectionCount}",
            "see who holds them in pg_stat_activity, and the pool sizes"
        );
        Over(
            health.Blocked > 0,
            $"{health.Blocked} sessions wait for a lock",
            "find who blocks them: SELECT pid, pg_blocking_pids(pid) FROM pg_stat_activity"
        );
        Over(
            health.InvalidIndexes > 0,
            $"{health.InvalidIndexes} indexes are invalid",
            "drop and build them again with CONCURRENTLY"
        );
        return findings;

        void Over(bool isOver, string text, string remedy)
        {
            if (isOver)
            {
                findings.Add(new(text, remedy));
            }
        }
    }
}

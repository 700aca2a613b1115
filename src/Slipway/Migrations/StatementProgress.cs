using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Tells from a session of its own how far a long statement is, and whom it waits for.</summary>
internal static class StatementProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(10);

    private const string Sql = """
        SELECT coalesce(
            (SELECT format('%s%s: %s%s', p.command, coalesce(' on ' || p.relid::regclass, ''), p.phase, CASE WHEN p.total > 0 THEN format(', %s %%', 100 * p.done / p.total) ELSE '' END)
                FROM (
                    SELECT pid, relid, command, phase, CASE WHEN tuples_total > 0 THEN tuples_done ELSE blocks_done END AS done,
                        CASE WHEN tuples_total > 0 THEN tuples_total ELSE blocks_total END AS total FROM pg_stat_progress_create_index
                    UNION ALL SELECT pid, relid, command, phase, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_cluster
                    UNION ALL SELECT pid, relid, 'VACUUM', phase, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_vacuum
                    UNION ALL SELECT pid, relid, 'ANALYZE', phase, sample_blks_scanned, sample_blks_total FROM pg_stat_progress_analyze
                    UNION ALL SELECT pid, relid, command, 'copying', bytes_processed, bytes_total FROM pg_stat_progress_copy) p
                WHERE p.pid = $1 LIMIT 1), '')
            || coalesce(
                (SELECT '; waits for ' || string_agg(format('%s (pid %s)', coalesce(nullif(b.application_name, ''), 'unnamed'), b.pid), ', ' ORDER BY b.pid)
                FROM pg_stat_activity b WHERE b.pid = ANY (pg_blocking_pids($1))), '')
        """;

    /// <summary>Runs some work in a session and tells of it while it takes long.</summary>
    /// <param name="migration">Name of the migration.</param>
    /// <param name="processId">The server's process of the session.</param>
    /// <param name="work">The work.</param>
    /// <param name="sessions">Opens the other session.</param>
    /// <param name="output">Gets a line when something changed, every ten seconds at most where only a figure did.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task WatchAsync(
        string migration,
        int processId,
        Func<CancellationToken, Task> work,
        MigrationSession sessions,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(cancellationToken);
        var isLong = await Task.WhenAny(working, Task.Delay(Pause, output.Time, stop.Token)) != working;
        var telling = isLong ? TellAsync(migration, processId, sessions, output, stop.Token) : Task.CompletedTask;
        try
        {
            await working;
        }
        finally
        {
            await stop.CancelAsync();
            await telling;
        }
    }

    private static async Task TellAsync(
        string migration,
        int processId,
        MigrationSession sessions,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var connection = await sessions.OpenPlainAsync(cancellationToken);
            var (last, at) = ("", output.Time.GetTimestamp());
            while (true)
            {
                var now = (await Query.TextAsync(connection, Sql, cancellationToken, processId) ?? "").TrimStart(
                    ';',
                    ' '
                );
                if (now.Length > 0 && (Phase(now) != Phase(last) || output.Time.GetElapsedTime(at) > Often))
                {
                    output.Line($"  {migration}: {now}");
                    (last, at) = (now, output.Time.GetTimestamp());
                }

                await Task.Delay(Pause, output.Time, cancellationToken);
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or NpgsqlException or SlipwayException)
        {
            // It only tells; the work goes on, or has ended.
        }

        static string Phase(string text) => text.Split(',')[0];
    }
}

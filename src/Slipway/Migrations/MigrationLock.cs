using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>
/// The advisory lock that the project's own tool takes, so that it and we keep each other out. It belongs to a session that
/// does nothing else, and ends with it however this process ends.
/// </summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    // The server shows a key of 64 bits as two halves.
    private const string IsIt =
        "locktype = 'advisory' AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = $1";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly NpgsqlConnection _connection;
    private readonly int _processId;
    private readonly long _key;

    private MigrationLock(NpgsqlConnection connection, long key)
    {
        (_connection, _processId, _key) = (connection, connection.ProcessID, key);
        IsHeld = new($"SELECT EXISTS (SELECT FROM pg_locks WHERE {IsIt} AND pid = $2 AND granted)", key, _processId);
    }

    /// <summary>Asks from any session whether the one with the lock still has it.</summary>
    public SqlCall IsHeld { get; }

    /// <summary>Who waits for the lock and thereby keeps a session of ours waiting: process and name.</summary>
    /// <param name="connection">Another session.</param>
    /// <param name="processId">The server's process of ours.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<IReadOnlyList<(int ProcessId, string Name)>> WaitersAsync(
        NpgsqlConnection connection,
        int processId,
        CancellationToken cancellationToken
    ) =>
        Query.RowsAsync(
            connection,
            $"""
            SELECT a.pid, coalesce(nullif(application_name, ''), 'unnamed') FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE {IsIt} AND NOT l.granted AND a.pid = ANY (pg_blocking_pids($2))
            """,
            reader => (reader.GetInt32(0), reader.GetString(1)),
            cancellationToken,
            _key,
            processId
        );

    /// <summary>What to say when it has not.</summary>
    public SlipwayException Lost =>
        new(
            $"The migration lock was lost: the server has ended the session that held it, process {_processId}",
            "nothing more was run; see in the server's log why it did, then look with: ./build.sh MigrateStatus"
        );

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="SlipwayException">Somebody else held it all the time.</exception>
    public static async Task<MigrationLock> AcquireAsync(
        NpgsqlConnection connection,
        long key,
        TimeSpan timeout,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await WaitAsync(connection, key, timeout, output, cancellationToken);
            return new(connection, key);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Fails when the session with the lock is gone.</summary>
    public async Task EnsureHeldAsync(CancellationToken cancellationToken)
    {
        if (!await Query.IsTrueAsync(_connection, IsHeld, cancellationToken))
        {
            throw Lost;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            // A session that is kept for the next would keep the lock too.
            await Query.RunAsync(_connection, "SELECT pg_advisory_unlock_all()", limit.Token);
        }
        catch (Exception exception)
            when (exception is NpgsqlException or InvalidOperationException or OperationCanceledException)
        {
            // Lost with the session.
        }

        await _connection.DisposeAsync();
    }

    private static async Task WaitAsync(
        NpgsqlConnection connection,
        long key,
        TimeSpan timeout,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        var started = output.Time.GetTimestamp();
        var told = false;
        // Polled, not waited for: a waiting session has a snapshot, on which CREATE INDEX CONCURRENTLY of the holder waits.
        while (!await Query.IsTrueAsync(connection, "SELECT pg_try_advisory_lock($1)", cancellationToken, key))
        {
            var holder = await HolderAsync(connection, key, cancellationToken);
            if (output.Time.GetElapsedTime(started) > timeout)
            {
                throw new SlipwayException(
                    $"Another migration run holds the lock: {holder}; waited {RunOutput.Duration(timeout)}",
                    "wait until it is done, or find out what it does in pg_stat_activity",
                    ExitCode.Refused
                );
            }

            if (!told)
            {
                output.Line($"waiting for another migration run: {holder}");
                told = true;
            }

            await Task.Delay(Pause, output.Time, cancellationToken);
        }
    }

    private static async Task<string> HolderAsync(
        NpgsqlConnection connection,
        long key,
        CancellationToken cancellationToken
    ) =>
        await Query.TextAsync(
            connection,
            $"""
            SELECT format('%s (pid %s, %s, since %s UTC)', coalesce(nullif(application_name, ''), 'unnamed'), a.pid,
                coalesce(host(client_addr), 'local'), to_char(backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS'))
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE {IsIt} AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            LIMIT 1
            """,
            cancellationToken,
            key
        ) ?? "it just let go";
}

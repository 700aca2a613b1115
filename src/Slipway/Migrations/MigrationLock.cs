using Npgsql;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>
/// The advisory lock that Prisma itself takes, so that its tools and ours keep each other out. It belongs to a session
/// that does nothing else, and ends with it however this process ends.
/// </summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    /// <summary>Prisma's key.</summary>
    public const int Key = 72707369;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly NpgsqlConnection _connection;

    private MigrationLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="SlipwayException">Somebody else held it all the time.</exception>
    public static async Task<MigrationLock> AcquireAsync(
        NpgsqlConnection connection,
        TimeSpan timeout,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await WaitAsync(connection, timeout, output, cancellationToken);
            return new(connection);
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
        await using var command = _connection.CreateCommand();
        command.CommandText =
            $"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {Key} AND pid = pg_backend_pid() AND granted";
        if (await command.ExecuteScalarAsync(cancellationToken) is 0L)
        {
            throw new SlipwayException("The migration lock was lost", "see why the session ended, then deploy again");
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task WaitAsync(
        NpgsqlConnection connection,
        TimeSpan timeout,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        var started = output.Time.GetTimestamp();
        var told = false;
        // Polled, not waited for: a waiting session has a snapshot, on which CREATE INDEX CONCURRENTLY of the holder waits.
        while (!await TryAsync(connection, cancellationToken))
        {
            var holder = await HolderAsync(connection, cancellationToken);
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

    private static async Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT pg_try_advisory_lock({Key})";
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<string> HolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT format('%s (pid %s, %s, since %s UTC)', coalesce(nullif(application_name, ''), 'unnamed'), a.pid,
                coalesce(host(client_addr), 'local'), to_char(backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS'))
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.objid = {Key} AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            LIMIT 1
            """;
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "it just let go";
    }
}

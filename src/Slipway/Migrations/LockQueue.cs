using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>
/// Sends those away who wait for the migration lock while a statement of ours waits for them. Prisma and golang-migrate wait in the
/// server, with a snapshot that CREATE INDEX CONCURRENTLY waits for; the lock is in another session of ours, so the server sees
/// no deadlock, and nobody would ever go on.
/// </summary>
internal sealed class LockQueue(MigrationLock held, MigrationSession sessions, RunOutput output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs some work while nobody stays in its way who waits for the lock.</summary>
    /// <param name="processId">The server's process that does the work.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task KeepClearAsync(
        int processId,
        Func<CancellationToken, Task> work,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clearing = ClearAsync(processId, stop.Token);
        try
        {
            await work(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await clearing;
        }
    }

    private async Task ClearAsync(int processId, CancellationToken cancellationToken)
    {
        var told = new HashSet<int>();
        try
        {
            await Task.Delay(Pause, output.Time, cancellationToken);
            await using var connection = await sessions.OpenPlainAsync(cancellationToken);
            while (true)
            {
                foreach (var (waiter, name) in await held.WaitersAsync(connection, processId, cancellationToken))
                {
                    if (told.Add(waiter))
                    {
                        output.Line(
                            $"  {name} (pid {waiter}) waits for the migration lock and holds up the statement: its wait is ended, run it again later"
                        );
                    }

                    await EndAsync(connection, waiter, cancellationToken);
                }

                await Task.Delay(Pause, output.Time, cancellationToken);
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or NpgsqlException or SlipwayException)
        {
            // The work has ended, or tells by itself that the server is gone.
        }
    }

    private async Task EndAsync(NpgsqlConnection connection, int waiter, CancellationToken cancellationToken)
    {
        try
        {
            await Query.RunAsync(connection, "SELECT pg_cancel_backend($1)", cancellationToken, waiter);
        }
        catch (PostgresException exception)
        {
            output.Warn($"{exception.MessageText}; end it as its user: SELECT pg_cancel_backend({waiter})");
        }
    }
}

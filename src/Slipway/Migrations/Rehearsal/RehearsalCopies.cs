using Npgsql;
using Slipway.Backups.Restoring;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Migrations.Rehearsal;

/// <summary>The copies that a rehearsal works on: one that migrations are tried on, one that shows how it was before.</summary>
internal sealed class RehearsalCopies : IAsyncDisposable
{
    private const int LockSpace = 1_397_508_432;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ServerSession _server;

    private RehearsalCopies(ServerSession server, DatabaseUrl copy)
    {
        _server = server;
        Copy = copy;
        Before = copy with { Database = $"{copy.Database}_b" };
    }

    /// <summary>The copy that migrations are tried on.</summary>
    public DatabaseUrl Copy { get; }

    /// <summary>As it was before the migration that is being tried.</summary>
    public DatabaseUrl Before { get; }

    /// <summary>Works with a copy that was restored.</summary>
    public static async Task<RehearsalCopies> OpenAsync(DatabaseUrl copy, CancellationToken cancellationToken)
    {
        var copies = new RehearsalCopies(await ServerSession.OpenAsync(copy, cancellationToken), copy);
        // While this is held, nobody takes the second copy for one that a dead run left.
        await copies._server.TryLockAsync(copies.Before.Database, cancellationToken);
        return copies;
    }

    /// <summary>Proves that what is worked on is not the database of users.</summary>
    /// <exception cref="SlipwayException">It is.</exception>
    public async Task ProveForeignAsync(DatabaseUrl live, CancellationToken cancellationToken)
    {
        var nonce = Random.Shared.Next();
        await using var ours = PostgresSource.Create(Copy, "rehearsal");
        await using var users = PostgresSource.Create(live, "rehearsal");
        await using var held = await ours.OpenConnectionAsync(cancellationToken);
        await using var seen = await users.OpenConnectionAsync(cancellationToken);
        await Query.RunAsync(held, "SELECT pg_advisory_lock($1, $2)", cancellationToken, nonce, LockSpace);
        var isSeen = await Query.IsTrueAsync(
            seen,
            """
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = $1 AND objid::bigint = $2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """,
            cancellationToken,
            (long)nonce,
            (long)LockSpace
        );
        if (isSeen)
        {
            throw new SlipwayException(
                $"{Copy} is the live database by another name: a lock that was taken there is seen in {live}",
                "nothing was run on it; see what stands between this machine and the server, such as a pool with aliases",
                ExitCode.Refused
            );
        }
    }

    /// <summary>Keeps how the copy is now.</summary>
    public Task KeepAsync(CancellationToken cancellationToken) => CopyAsync(Copy, Before, cancellationToken);

    /// <summary>Makes the copy what was kept.</summary>
    public Task GoBackAsync(CancellationToken cancellationToken) => CopyAsync(Before, Copy, cancellationToken);

    /// <summary>Drops what was kept.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            await new NewDatabase(_server, Before.Database).DropAsync(limit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            // Its comment says what it is, and the next rehearsal drops it.
        }

        await _server.DisposeAsync();
    }

    private async Task CopyAsync(DatabaseUrl from, DatabaseUrl to, CancellationToken cancellationToken)
    {
        var target = new NewDatabase(_server, to.Database);
        await target.DropAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            try
            {
                await _server.ExecuteAsync(
                    $"CREATE DATABASE {Sql.Name(to.Database)} TEMPLATE {Sql.Name(from.Database)}",
                    cancellationToken
                );
                await target.CommentAsync($"{NewDatabase.Unfinished}rehearsal", cancellationToken);
                return;
            }
            catch (PostgresException exception)
                when (exception.SqlState is PostgresErrorCodes.ObjectInUse && !limit.IsCancellationRequested)
            {
                // A session that has just ended may still be there for the server.
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }
    }
}

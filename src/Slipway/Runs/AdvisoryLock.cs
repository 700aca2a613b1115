using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Settings;

namespace Slipway.Runs;

/// <summary>
/// The half of a lock that lives on the database's server: held in the database itself, and beside it, where a restore that closes
/// and replaces the database does not end it.
/// </summary>
/// <remarks>See .github/adr/0004-lock-lease-and-advisory-lock.md.</remarks>
internal sealed class AdvisoryLock : IAsyncDisposable
{
    // Not template1: as long as somebody is in that, nobody on the server can make a database.
    private const string Beside = "postgres";

    private readonly IReadOnlyList<LockSession> _sessions;

    private AdvisoryLock(IReadOnlyList<LockSession> sessions) => _sessions = sessions;

    /// <summary>True when no connection that holds it is left.</summary>
    public bool IsLost => _sessions.All(session => session.IsLost);

    /// <summary>Takes it; null when somebody alive has it.</summary>
    public static async Task<AdvisoryLock?> TryTakeAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        var number = Number(url.Database);
        var (isFree, beside) = await TryBesideAsync(url, number, cancellationToken);
        if (!isFree)
        {
            return null;
        }

        try
        {
            if (await LockSession.TryTakeAsync(url, number, cancellationToken) is { } inside)
            {
                return new(beside is null ? [inside] : [inside, beside]);
            }
        }
        catch (PostgresException exception)
            when (beside is not null && exception.SqlState is PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            // A restore that died has left it closed: nobody gets in, and who tidies up needs the lock.
            return new([beside]);
        }
        catch
        {
            await (beside?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }

        await (beside?.DisposeAsync() ?? ValueTask.CompletedTask);
        return null;
    }

    /// <summary>Asks the server for a sign of life; one of the connections is enough.</summary>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        var isAlive = false;
        foreach (var session in _sessions.Where(session => !session.IsLost))
        {
            try
            {
                await session.AskAsync(cancellationToken);
                isAlive = true;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
            {
                failure = exception;
            }
        }

        if (!isAlive)
        {
            throw failure ?? new InvalidOperationException("it is closed");
        }
    }

    /// <summary>Lets go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            await session.DisposeAsync();
        }
    }

    // A role that may not look in there does without: everybody also takes the lock in the database itself.
    private static async Task<(bool IsFree, LockSession? Session)> TryBesideAsync(
        DatabaseUrl url,
        long number,
        CancellationToken cancellationToken
    )
    {
        if (url.Database is Beside)
        {
            return (true, null);
        }

        try
        {
            var session = await LockSession.TryTakeAsync(
                url with
                {
                    Database = Beside,
                    Schema = "pg_catalog",
                },
                number,
                cancellationToken
            );
            return (session is not null, session);
        }
        catch (PostgresException)
        {
            return (true, null);
        }
    }

    // The same for everybody who deploys to this database, whatever he calls the environment.
    private static long Number(string database) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"slipway:{database}")));
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>A session on a server beside the database in question, from which that can be made, renamed and dropped.</summary>
internal sealed class ServerSession : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private ServerSession(NpgsqlDataSource source, NpgsqlConnection connection) =>
        (_source, Connection) = (source, connection);

    public NpgsqlConnection Connection { get; }

    /// <summary>Connects to the database that every server has, and to its template where that is the one in question.</summary>
    public static async Task<ServerSession> OpenAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectAsync(url, url.Database is "postgres" ? "template1" : "postgres", cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidCatalogName)
        {
            return await ConnectAsync(url, "template1", cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new SlipwayException(
                $"The server of {url} cannot be reached: {exception.InnerException?.Message ?? exception.Message}",
                $"see that it runs and lets {url.User} in: pg_isready -h {url.Host} -p {url.Port}",
                ExitCode.Refused,
                exception
            );
        }
    }

    /// <summary>Connects to one database.</summary>
    public static async Task<ServerSession> ConnectAsync(
        DatabaseUrl url,
        string database,
        CancellationToken cancellationToken
    )
    {
        var source = PostgresSource.Create(url with { Database = database, Schema = "pg_catalog" }, "restore");
        try
        {
            return new(source, await source.OpenConnectionAsync(cancellationToken));
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes a lock that ends with this session.</summary>
    /// <returns>False when somebody else has it.</returns>
    public async Task<bool> TryLockAsync(string name, CancellationToken cancellationToken) =>
        (
            await ListAsync(
                "SELECT pg_try_advisory_lock($1)",
                row => row.GetBoolean(0),
                cancellationToken,
                LockNumber(name)
            )
        )[0];

    /// <summary>Gives a lock back.</summary>
    public Task UnlockAsync(string name, CancellationToken cancellationToken) =>
        ListAsync("SELECT pg_advisory_unlock($1)", row => row.GetBoolean(0), cancellationToken, LockNumber(name));

    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        Query.RunAsync(Connection, sql, cancellationToken);

    public Task<IReadOnlyList<T>> ListAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params object[] values
    ) => Query.RowsAsync(Connection, sql, read, cancellationToken, values);

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    internal static long LockNumber(string name) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"slipway restore {name}")));
}

using System.Data;
using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Runs;

/// <summary>An advisory lock in one database: PostgreSQL frees it the moment its holder's connection ends.</summary>
internal sealed class LockSession : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;

    private LockSession(NpgsqlDataSource source, NpgsqlConnection connection) =>
        (_source, _connection) = (source, connection);

    /// <summary>True when the connection is gone, and the lock with it.</summary>
    public bool IsLost => _connection.FullState is not ConnectionState.Open;

    /// <summary>Takes it; null when somebody alive has it.</summary>
    public static async Task<LockSession?> TryTakeAsync(
        DatabaseUrl url,
        long number,
        CancellationToken cancellationToken
    )
    {
        var source = PostgresSource.Create(url, "lock");
        NpgsqlConnection? connection = null;
        var taken = false;
        try
        {
            connection = await source.OpenConnectionAsync(cancellationToken);
            await using var ask = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
            ask.Parameters.Add(new() { Value = number });
            taken = await ask.ExecuteScalarAsync(cancellationToken) is true;
            return taken ? new(source, connection) : null;
        }
        finally
        {
            if (!taken)
            {
                await CloseAsync(source, connection);
            }
        }
    }

    /// <summary>Asks the server for a sign of life.</summary>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand("SELECT 1", _connection) { CommandTimeout = 10 };
        await ask.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Lets go of it: by asking, because a server may notice a closed connection only a moment later.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var free = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", _connection)
            {
                CommandTimeout = 10,
            };
            await free.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the lock with it.
        }

        await CloseAsync(_source, _connection);
    }

    private static async ValueTask CloseAsync(NpgsqlDataSource source, NpgsqlConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        await source.DisposeAsync();
    }
}

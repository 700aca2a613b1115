using System.Globalization;
using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Backups;

/// <summary>A transaction that keeps one view of the database open, for the dump and for everything that is said about it.</summary>
internal sealed class DumpSnapshot : IAsyncDisposable
{
    private const string Begin = """
        SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; SET lock_timeout = 0;
        BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
        """;

    private const string Facts = """
        SELECT pg_export_snapshot(), pg_current_snapshot()::text, current_setting('server_version'),
               CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END::text,
               current_setting('server_version_num')::int / 10000, pg_backend_pid(),
               has_function_privilege('pg_control_system()', 'EXECUTE'),
               (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
        """;

    private readonly NpgsqlDataSource _source;

    private DumpSnapshot(NpgsqlDataSource source, NpgsqlConnection connection) =>
        (_source, Connection) = (source, connection);

    /// <summary>The session; it stays in its transaction.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>The name under which pg_dump joins the snapshot.</summary>
    public required string Name { get; init; }

    public required string Transactions { get; init; }

    public required string Lsn { get; init; }

    public required string ServerVersion { get; init; }

    public required int ServerMajor { get; init; }

    /// <summary>The server's number of the database.</summary>
    public required long DatabaseId { get; init; }

    /// <summary>True when something between us and the server hands out its sessions, as PgBouncer does.</summary>
    public required bool IsPooled { get; init; }

    /// <summary>The server's own identifier; null when the role may not see it.</summary>
    public string? SystemIdentifier { get; private set; }

    public static async Task<DumpSnapshot> OpenAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        var source = PostgresSource.Create(url, "backup");
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellationToken);
            return await OpenAsync(source, connection, cancellationToken);
        }
        catch
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            await source.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static async Task<DumpSnapshot> OpenAsync(
        NpgsqlDataSource source,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var begin = new NpgsqlCommand(Begin, connection);
        await begin.ExecuteNonQueryAsync(cancellationToken);
        await using var ask = new NpgsqlCommand(Facts, connection);
        DumpSnapshot snapshot;
        bool mayIdentify;
        await using (var row = await ask.ExecuteReaderAsync(cancellationToken))
        {
            await row.ReadAsync(cancellationToken);
            mayIdentify = row.GetBoolean(6);
            snapshot = new(source, connection)
            {
                Name = row.GetString(0),
                Transactions = row.GetString(1),
                ServerVersion = row.GetString(2),
                Lsn = row.GetString(3),
                ServerMajor = row.GetInt32(4),
                DatabaseId = row.GetInt64(7),
                // What the server calls its session is what it told us at the start, unless somebody stands in between.
                IsPooled = row.GetInt32(5) != connection.ProcessID,
            };
        }

        if (mayIdentify)
        {
            await using var identify = new NpgsqlCommand(
                "SELECT system_identifier FROM pg_control_system()",
                connection
            );
            var identifier = await identify.ExecuteScalarAsync(cancellationToken);
            snapshot.SystemIdentifier = Convert.ToString(identifier, CultureInfo.InvariantCulture);
        }

        return snapshot;
    }
}

using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Backups;

/// <summary>A transaction that keeps one view of the database open for the dump and for counting.</summary>
internal sealed class DumpSnapshot : IAsyncDisposable
{
    private const string Tables = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_%'
        ORDER BY 1
        """;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;

    private DumpSnapshot(NpgsqlDataSource source, NpgsqlConnection connection) =>
        (_source, _connection) = (source, connection);

    /// <summary>The name under which pg_dump joins the snapshot.</summary>
    public required string Name { get; init; }

    public required string Transactions { get; init; }

    public required string Lsn { get; init; }

    public required string ServerVersion { get; init; }

    public static async Task<DumpSnapshot> OpenAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        var source = PostgresSource.Create(url, "backup");
        var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var begin = new NpgsqlCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", connection);
        await begin.ExecuteNonQueryAsync(cancellationToken);
        await using var ask = new NpgsqlCommand(
            """
            SELECT pg_export_snapshot(), pg_current_snapshot()::text, current_setting('server_version'),
                   CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END::text
            """,
            connection
        );
        await using var row = await ask.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(source, connection)
        {
            Name = row.GetString(0),
            Transactions = row.GetString(1),
            ServerVersion = row.GetString(2),
            Lsn = row.GetString(3),
        };
    }

    public async Task<IReadOnlyList<TableRows>> CountAsync(CancellationToken cancellationToken)
    {
        var tables = new List<string>();
        await using (var list = new NpgsqlCommand(Tables, _connection))
        await using (var rows = await list.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                tables.Add(rows.GetString(0));
            }
        }

        var counted = new List<TableRows>();
        foreach (var table in tables)
        {
            // The name was quoted by the server itself (format %I).
            await using var count = new NpgsqlCommand($"SELECT count(*) FROM {table}", _connection);
            counted.Add(new(table, (long)(await count.ExecuteScalarAsync(cancellationToken))!));
        }

        return counted;
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }
}

using Npgsql;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Prisma's history table in the schema of a database address.</summary>
/// <param name="schema">The schema.</param>
internal sealed class MigrationHistory(string schema)
{
    private const string Name = "_prisma_migrations";

    private string Table => $"{Quote(schema)}.{Quote(Name)}";

    /// <summary>The rows in the order they were begun; none when there is no table.</summary>
    public async Task<IReadOnlyList<HistoryRow>> ReadAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        if (!await ExistsAsync(connection, cancellationToken))
        {
            return [];
        }

        var rows = new List<HistoryRow>();
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT id, migration_name, checksum, started_at, finished_at, rolled_back_at, logs FROM {Table} ORDER BY started_at, id";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    await reader.GetFieldValueAsync<DateTimeOffset>(3, cancellationToken),
                    await TimeAsync(reader, 4, cancellationToken),
                    await TimeAsync(reader, 5, cancellationToken),
                    await reader.IsDBNullAsync(6, cancellationToken) ? null : reader.GetString(6)
                )
            );
        }

        return rows;
    }

    /// <summary>Creates schema and table where they are missing.</summary>
    /// <exception cref="SlipwayException">There are tables but no history: nobody knows which migrations they contain.</exception>
    public async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(connection, cancellationToken))
        {
            return;
        }

        if (await TablesAsync(connection, cancellationToken) is { Length: > 0 } tables)
        {
            throw new SlipwayException(
                $"Schema {schema} has tables ({tables}) but no migration history, so what is applied is not known",
                "baseline it: npx prisma migrate resolve --applied NAME, for every migration that the schema contains",
                ExitCode.Refused
            );
        }

        if (
            !await IsThereAsync(
                connection,
                "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)",
                cancellationToken,
                schema
            )
        )
        {
            await RunAsync(connection, $"CREATE SCHEMA {Quote(schema)}", cancellationToken);
        }

        await CreateAsync(connection, cancellationToken);
    }

    /// <summary>Takes the table for this transaction: whoever else applies migrations waits, whoever reads does not.</summary>
    public Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        RunAsync(connection, $"LOCK TABLE {Table} IN SHARE ROW EXCLUSIVE MODE", cancellationToken);

    /// <summary>True when a migration stands in the history, finished or not.</summary>
    public Task<bool> HasAsync(NpgsqlConnection connection, string migration, CancellationToken cancellationToken) =>
        IsThereAsync(
            connection,
            $"SELECT EXISTS (SELECT FROM {Table} WHERE migration_name = $1 AND rolled_back_at IS NULL)",
            cancellationToken,
            migration
        );

    /// <summary>True when a row with this id is there and finished.</summary>
    public Task<bool> IsFinishedAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken) =>
        IsThereAsync(
            connection,
            $"SELECT EXISTS (SELECT FROM {Table} WHERE id = $1 AND finished_at IS NOT NULL)",
            cancellationToken,
            id
        );

    /// <summary>Writes that a migration begins.</summary>
    public Task StartAsync(
        NpgsqlConnection connection,
        string id,
        Migration migration,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            connection,
            $"INSERT INTO {Table} (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, clock_timestamp())",
            cancellationToken,
            id,
            migration.Checksum,
            migration.Name
        );

    /// <summary>Writes that a migration is done.</summary>
    public Task FinishAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken) =>
        RunAsync(
            connection,
            $"UPDATE {Table} SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1",
            cancellationToken,
            id
        );

    /// <summary>Writes why a migration failed; it stays in the history as begun and not finished.</summary>
    public Task FailAsync(NpgsqlConnection connection, string id, string logs, CancellationToken cancellationToken) =>
        RunAsync(connection, $"UPDATE {Table} SET logs = $2 WHERE id = $1", cancellationToken, id, logs);

    /// <summary>Writes that a failed migration left nothing behind.</summary>
    public Task RollBackAsync(
        NpgsqlConnection connection,
        string id,
        string logs,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            connection,
            $"UPDATE {Table} SET logs = $2, rolled_back_at = clock_timestamp() WHERE id = $1",
            cancellationToken,
            id,
            logs
        );

    /// <summary>Quotes a name.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        IsThereAsync(
            connection,
            $"SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = '{Name}')",
            cancellationToken,
            schema
        );

    private Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        // Prisma's own words, so that its tools find what they know.
        RunAsync(
            connection,
            $"""
            CREATE TABLE {Table} (
                id                      VARCHAR(36) PRIMARY KEY NOT NULL,
                checksum                VARCHAR(64) NOT NULL,
                finished_at             TIMESTAMPTZ,
                migration_name          VARCHAR(255) NOT NULL,
                logs                    TEXT,
                rolled_back_at          TIMESTAMPTZ,
                started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
                applied_steps_count     INTEGER NOT NULL DEFAULT 0
            )
            """,
            cancellationToken
        );

    // Tables of extensions belong to nobody's migrations.
    private async Task<string?> TablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            SELECT string_agg(relname, ', ') FROM (
                SELECT relname FROM pg_class c
                WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND relkind IN ('r', 'p')
                    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
                ORDER BY relname LIMIT 5) found
            """,
            schema
        );
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private static async Task<bool> IsThereAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params string[] values
    )
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task RunAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params string[] values
    )
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params string[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static async Task<DateTimeOffset?> TimeAsync(
        NpgsqlDataReader reader,
        int column,
        CancellationToken cancellationToken
    ) =>
        await reader.IsDBNullAsync(column, cancellationToken)
            ? null
            : await reader.GetFieldValueAsync<DateTimeOffset>(column, cancellationToken);
}

using System.Text.Json;
using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.Commands;

/// <summary>What any tool's history and the schema look like at a moment.</summary>
/// <param name="Rows">The rows of the history, oldest first, as JSON.</param>
/// <param name="Schema">A sum over all tables, columns, indexes and constraints.</param>
internal sealed record HistorySnapshot(IReadOnlyList<string> Rows, string Schema)
{
    // Of the tools whose files are known here, and of those that projects run by commands of their own.
    private static readonly string[] Tables =
    [
        .. HistoryTable.Known,
        "knex_migrations",
        "SequelizeMeta",
        "pgmigrations",
        "migrations",
        "__drizzle_migrations",
        "databasechangelog",
        "gorp_migrations",
        "schemaversion",
        "ar_internal_metadata",
        "alembic_version",
        "django_migrations",
    ];

    private static readonly string[] Names =
    [
        "migration_name",
        "MigrationId",
        "script",
        "name",
        "filename",
        "id",
        "version",
        "version_num",
        "hash",
    ];

    /// <summary>Looks.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="table">The table that the settings name, as <c>table</c> or <c>schema.table</c>; null for those that are known.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<HistorySnapshot> TakeAsync(
        NpgsqlConnection connection,
        string? table,
        CancellationToken cancellationToken
    )
    {
        var tables = await Query.RowsAsync(
            connection,
            """
            SELECT schemaname::text, tablename::text FROM pg_tables
            WHERE schemaname !~ '^pg_' AND (tablename = ANY ($1) AND $2 = '' OR $2 IN (tablename, schemaname || '.' || tablename))
            ORDER BY 1, 2
            """,
            reader => new HistoryTable(reader.GetString(0), reader.GetString(1)),
            cancellationToken,
            Tables,
            table ?? ""
        );
        var rows = new List<string>();
        foreach (var found in tables)
        {
            rows.AddRange(
                await Query.RowsAsync(
                    connection,
                    $"SELECT to_jsonb(t)::text FROM {found.Quoted} t ORDER BY age(xmin) DESC, 1",
                    reader => reader.GetString(0),
                    cancellationToken
                )
            );
        }

        return new(rows, await SchemaAsync(connection, cancellationToken));
    }

    /// <summary>What a row is called: the first column that holds a name, or the whole row.</summary>
    public static string NameOf(string row)
    {
        using var json = JsonDocument.Parse(row);
        foreach (var name in Names)
        {
            if (
                json.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            )
            {
                return value.ToString();
            }
        }

        return row;
    }

    private static async Task<string> SchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await Query.TextAsync(
            connection,
            """
            SELECT md5(string_agg(what, E'\n' ORDER BY what)) FROM (
                SELECT format('%s %s %s %s %s %s', c.oid::regclass, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef) AS what
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid <> 0
                UNION ALL SELECT format('%s %s', oid::regprocedure, md5(prosrc)) FROM pg_proc WHERE pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
                UNION ALL SELECT format('%s %s', enumtypid::regtype, enumlabel) FROM pg_enum) schema
            """,
            cancellationToken
        ) ?? "";
}

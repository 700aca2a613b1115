using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Where a tool keeps its history.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Name">The table's name in it.</param>
internal sealed record HistoryTable(string Schema, string Name)
{
    /// <summary>Names of the tables in which the tools that are known here keep their history.</summary>
    public static IReadOnlyList<string> Known { get; } =
    ["_prisma_migrations", "schema_migrations", "flyway_schema_history", "__EFMigrationsHistory", "slipway_migrations"];

    /// <summary>Both names, quoted for SQL.</summary>
    public string Quoted => $"{Sql.Name(Schema)}.{Sql.Name(Name)}";

    /// <summary>The table that the settings name, as <c>table</c> or <c>schema.table</c>, or else the tool's own.</summary>
    public static HistoryTable Of(DatabaseUrl url, MigrationSettings settings, string usual) =>
        (settings.Table ?? usual).Split('.', 2) is [var schema, var name]
            ? new(schema, name)
            : new(url.Schema, settings.Table ?? usual);

    /// <summary>True when it is there.</summary>
    public Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Query.IsTrueAsync(
            connection,
            "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = $2)",
            cancellationToken,
            Schema,
            Name
        );

    /// <inheritdoc />
    public override string ToString() => $"{Schema}.{Name}";
}

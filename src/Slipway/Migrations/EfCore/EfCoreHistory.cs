using Slipway.Postgres;

namespace Slipway.Migrations.EfCore;

/// <summary>EF Core's table, with the version of EF Core that made each migration.</summary>
internal sealed class EfCoreHistory(HistoryTable table) : VersionHistory(table, "\"MigrationId\"")
{
    protected override string Definition =>
        $"""
            CREATE TABLE {Table.Quoted} (
                "MigrationId" character varying(150) NOT NULL,
                "ProductVersion" character varying(32) NOT NULL,
                CONSTRAINT {Sql.Name($"PK_{Table.Name}")} PRIMARY KEY ("MigrationId")
            )
            """;

    protected override SqlCall Insert(Migration migration, TimeSpan? took) =>
        new(
            $"INSERT INTO {Table.Quoted} (\"MigrationId\", \"ProductVersion\") VALUES ($1, $2)",
            migration.Version,
            migration.Stamp ?? ""
        );
}

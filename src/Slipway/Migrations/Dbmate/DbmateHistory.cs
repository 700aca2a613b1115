using Slipway.Postgres;

namespace Slipway.Migrations.Dbmate;

/// <summary>dbmate's table, one version a row.</summary>
internal sealed class DbmateHistory(HistoryTable table) : VersionHistory(table, "version")
{
    protected override string Definition => $"CREATE TABLE {Table.Quoted} (version varchar PRIMARY KEY)";

    protected override SqlCall Insert(Migration migration, TimeSpan? took) =>
        new($"INSERT INTO {Table.Quoted} (version) VALUES ($1)", migration.Version);
}

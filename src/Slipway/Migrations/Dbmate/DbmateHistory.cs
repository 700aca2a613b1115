using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.Dbmate;

/// <summary>dbmate's table, one version a row.</summary>
internal sealed class DbmateHistory(HistoryTable table) : VersionHistory(table, "version")
{
    protected override string Definition => $"CREATE TABLE {Table.Quoted} (version varchar PRIMARY KEY)";

    protected override Task InsertAsync(
        NpgsqlConnection connection,
        Migration migration,
        TimeSpan took,
        CancellationToken cancellationToken
    ) =>
        Query.RunAsync(
            connection,
            $"INSERT INTO {Table.Quoted} (version) VALUES ($1)",
            cancellationToken,
            migration.Version
        );
}

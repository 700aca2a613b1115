using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.Plain;

/// <summary>Our own table, for projects that have none.</summary>
internal sealed class PlainHistory(HistoryTable table) : VersionHistory(table, "name")
{
    protected override string Definition =>
        $"""
            CREATE TABLE {Table.Quoted} (
                name text PRIMARY KEY,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL,
                milliseconds bigint NOT NULL
            )
            """;

    protected override SqlCall Insert(Migration migration, TimeSpan? took) =>
        new(
            $"""
            INSERT INTO {Table.Quoted} (name, checksum, applied_at, milliseconds)
            VALUES ($1, $2, clock_timestamp(), coalesce($3::bigint, {SoFar}))
            """,
            migration.Version,
            migration.Checksum,
            (long?)took?.TotalMilliseconds
        );

    protected override Task<IReadOnlyList<HistoryRow>> RowsAsync(
        NpgsqlConnection connection,
        MigrationSet set,
        CancellationToken cancellationToken
    ) =>
        Query.RowsAsync(
            connection,
            $"SELECT name, checksum, applied_at FROM {Table.Quoted} ORDER BY applied_at, name",
            Row,
            cancellationToken
        );

    private static HistoryRow Row(NpgsqlDataReader reader)
    {
        var at = reader.GetFieldValue<DateTimeOffset>(2);
        return new(reader.GetString(0), reader.GetString(0), reader.GetString(1), at, at, null, null);
    }
}

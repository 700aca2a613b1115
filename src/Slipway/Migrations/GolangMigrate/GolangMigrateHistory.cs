using System.Globalization;
using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.GolangMigrate;

/// <summary>golang-migrate's table: one row with the number it is at, and whether it got there.</summary>
internal sealed class GolangMigrateHistory(HistoryTable table) : MigrationHistory(table)
{
    protected override string Definition =>
        $"CREATE TABLE {Table.Quoted} (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)";

    // Everything up to the number counts as applied.
    public override SqlCall Has(Migration migration) =>
        new($"SELECT EXISTS (SELECT FROM {Table.Quoted} WHERE version >= $1)", Number(migration.Version));

    public override IReadOnlyList<SqlCall> Start(MigrationAttempt attempt) =>
        Set(attempt.Migration.Version, isDirty: true);

    public override IReadOnlyList<SqlCall> Finish(MigrationAttempt attempt, TimeSpan? took) =>
        Set(attempt.Migration.Version, isDirty: false);

    public override IReadOnlyList<SqlCall> Remove(Migration migration, TimeSpan? took) =>
        Set(migration.Stamp, isDirty: false);

    public override Task<bool> IsFinishedAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        CancellationToken cancellationToken
    ) =>
        Query.IsTrueAsync(
            connection,
            $"SELECT EXISTS (SELECT FROM {Table.Quoted} WHERE version = $1 AND NOT dirty)",
            cancellationToken,
            Number(attempt.Migration.Version)
        );

    public override Task UndoneAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        string logs,
        CancellationToken cancellationToken
    ) => Query.RunAsync(connection, Set(attempt.Migration.Stamp, isDirty: false), cancellationToken);

    public override Task MarkAppliedAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    ) => Query.RunAsync(connection, Set(migration.Version, isDirty: false), cancellationToken);

    protected override async Task<IReadOnlyList<HistoryRow>> RowsAsync(
        NpgsqlConnection connection,
        MigrationSet set,
        CancellationToken cancellationToken
    )
    {
        var rows = await Query.RowsAsync(
            connection,
            $"SELECT version, dirty FROM {Table.Quoted} LIMIT 1",
            reader => (Version: reader.GetInt64(0), IsDirty: reader.GetBoolean(1)),
            cancellationToken
        );
        // Below zero is its way to say that nothing is applied.
        return rows is [{ Version: >= 0 } at] ? Rows(at.Version, at.IsDirty, set) : [];
    }

    private static List<HistoryRow> Rows(long version, bool isDirty, MigrationSet set)
    {
        var at = version.ToString(CultureInfo.InvariantCulture);
        List<HistoryRow> rows =
        [
            .. set
                .Migrations.Where(migration => Number(migration.Version) < version)
                .Select(migration => new HistoryRow(migration.Version, migration.Name, null, null, null, null, null)),
            new(at, set.Find(at)?.Name ?? at, null, null, null, null, null) { IsFailed = isDirty },
        ];
        return rows;
    }

    // As the tool does it: whatever there was is gone, and one row says where it is.
    private IReadOnlyList<SqlCall> Set(string? version, bool isDirty)
    {
        var clear = new SqlCall($"DELETE FROM {Table.Quoted}");
        return version is null
            ? [clear]
            : [clear, new($"INSERT INTO {Table.Quoted} (version, dirty) VALUES ($1, $2)", Number(version), isDirty)];
    }

    private static long Number(string version) => long.Parse(version, CultureInfo.InvariantCulture);
}

using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations;

/// <summary>A history that is a list of versions and nothing else: neither times nor failures.</summary>
/// <param name="table">Its table.</param>
/// <param name="column">The column with the version, quoted.</param>
internal abstract class VersionHistory(HistoryTable table, string column) : MigrationHistory(table)
{
    public override SqlCall Has(Migration migration) =>
        new($"SELECT EXISTS (SELECT FROM {Table.Quoted} WHERE {column} = $1)", migration.Version);

    public override IReadOnlyList<SqlCall> Finish(MigrationAttempt attempt, TimeSpan? took) =>
        [Insert(attempt.Migration, took)];

    public override IReadOnlyList<SqlCall> Remove(Migration migration, TimeSpan? took) =>
        [new($"DELETE FROM {Table.Quoted} WHERE {column} = $1", migration.Version)];

    public override async Task MarkAppliedAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        if (!await HasAsync(connection, migration, cancellationToken))
        {
            await Query.RunAsync(connection, [Insert(migration, TimeSpan.Zero)], cancellationToken);
        }
    }

    /// <summary>Writes the row of an applied migration.</summary>
    protected abstract SqlCall Insert(Migration migration, TimeSpan? took);

    protected override Task<IReadOnlyList<HistoryRow>> RowsAsync(
        NpgsqlConnection connection,
        MigrationSet set,
        CancellationToken cancellationToken
    ) =>
        // The table keeps no time, but the server knows which transaction wrote a row.
        Query.RowsAsync(
            connection,
            $"SELECT {column} FROM {Table.Quoted} ORDER BY age(xmin) DESC, {column}",
            reader => Row(reader.GetString(0), set),
            cancellationToken
        );

    private static HistoryRow Row(string version, MigrationSet set) =>
        new(version, set.Find(version)?.Name ?? version, null, null, null, null, null);
}

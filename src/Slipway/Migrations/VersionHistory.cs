using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations;

/// <summary>A history that is a list of versions and nothing else: neither times nor failures.</summary>
/// <param name="table">Its table.</param>
/// <param name="column">The column with the version, quoted.</param>
internal abstract class VersionHistory(HistoryTable table, string column) : MigrationHistory(table)
{
    public override Task<bool> HasAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    ) =>
        Query.IsTrueAsync(
            connection,
            $"SELECT EXISTS (SELECT FROM {Table.Quoted} WHERE {column} = $1)",
            cancellationToken,
            migration.Version
        );

    public override Task FinishAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        TimeSpan took,
        CancellationToken cancellationToken
    ) => InsertAsync(connection, attempt.Migration, took, cancellationToken);

    public override Task RemoveAsync(
        NpgsqlConnection connection,
        Migration migration,
        TimeSpan took,
        CancellationToken cancellationToken
    ) =>
        Query.RunAsync(
            connection,
            $"DELETE FROM {Table.Quoted} WHERE {column} = $1",
            cancellationToken,
            migration.Version
        );

    public override async Task MarkAppliedAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        if (!await HasAsync(connection, migration, cancellationToken))
        {
            await InsertAsync(connection, migration, TimeSpan.Zero, cancellationToken);
        }
    }

    /// <summary>Writes the row of an applied migration.</summary>
    protected abstract Task InsertAsync(
        NpgsqlConnection connection,
        Migration migration,
        TimeSpan took,
        CancellationToken cancellationToken
    );

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

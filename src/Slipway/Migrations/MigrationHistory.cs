using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations;

/// <summary>
/// The history that a tool keeps in the database: read, and written exactly as the tool itself would write it, so that it
/// takes over at any time.
/// </summary>
/// <param name="table">Its table.</param>
internal abstract class MigrationHistory(HistoryTable table)
{
    /// <summary>SQL for the milliseconds since the transaction began.</summary>
    protected const string SoFar = "1000 * extract(epoch FROM clock_timestamp() - now())";

    /// <summary>Its table.</summary>
    public HistoryTable Table => table;

    /// <summary>The statements that make the table, in the tool's own words.</summary>
    protected abstract string Definition { get; }

    /// <summary>What the table says, in the order it was applied in as far as the tool keeps it; nothing when there is no table.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="set">The files, which give versions their names.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<IReadOnlyList<HistoryRow>> ReadAsync(
        NpgsqlConnection connection,
        MigrationSet set,
        CancellationToken cancellationToken
    ) =>
        await table.ExistsAsync(connection, cancellationToken)
            ? await RowsAsync(connection, set, cancellationToken)
            : [];

    /// <summary>Creates schema and table where they are missing.</summary>
    public async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await table.ExistsAsync(connection, cancellationToken))
        {
            return;
        }

        const string Exists = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)";
        if (!await Query.IsTrueAsync(connection, Exists, cancellationToken, table.Schema))
        {
            await Query.RunAsync(connection, $"CREATE SCHEMA {Sql.Name(table.Schema)}", cancellationToken);
        }

        await Query.RunAsync(connection, Definition, cancellationToken);
    }

    /// <summary>Takes the table for this transaction: whoever else applies migrations waits, whoever reads does not.</summary>
    public SqlCall Lock => new($"LOCK TABLE {table.Quoted} IN SHARE ROW EXCLUSIVE MODE");

    /// <summary>Asks whether a migration stands in the history, finished or not.</summary>
    public abstract SqlCall Has(Migration migration);

    /// <summary>Writes that a migration begins, where the tool keeps that.</summary>
    public virtual IReadOnlyList<SqlCall> Start(MigrationAttempt attempt) => [];

    /// <summary>Writes that a migration is done.</summary>
    /// <param name="attempt">What was begun.</param>
    /// <param name="took">How long it took; null for as long as the transaction that this is run in.</param>
    public abstract IReadOnlyList<SqlCall> Finish(MigrationAttempt attempt, TimeSpan? took);

    /// <summary>Writes that a migration was undone by its down script: the tool would apply it again.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="took">How long that took; null for as long as the transaction that this is run in.</param>
    public abstract IReadOnlyList<SqlCall> Remove(Migration migration, TimeSpan? took);

    /// <summary>True when a migration stands in the history, finished or not.</summary>
    public Task<bool> HasAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken) =>
        Query.IsTrueAsync(connection, Has(migration), cancellationToken);

    /// <summary>True when an attempt stands in the history as done.</summary>
    public virtual Task<bool> IsFinishedAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        CancellationToken cancellationToken
    ) => HasAsync(connection, attempt.Migration, cancellationToken);

    /// <summary>Writes why a migration failed while a part of it stays, where the tool keeps that.</summary>
    public virtual Task FailAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        string logs,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    /// <summary>Writes that a migration failed and left nothing behind.</summary>
    public virtual Task UndoneAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        string logs,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    /// <summary>Writes that a migration is applied without running it; also over one that failed.</summary>
    public abstract Task MarkAppliedAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    );

    /// <summary>Writes that a schema contains some migrations, in order, where there is no history yet.</summary>
    public virtual async Task BaselineAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Migration> migrations,
        CancellationToken cancellationToken
    )
    {
        foreach (var migration in migrations)
        {
            await MarkAppliedAsync(connection, migration, cancellationToken);
        }
    }

    /// <summary>Writes that one that failed is undone.</summary>
    public virtual Task MarkRolledBackAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    ) => Query.RunAsync(connection, Remove(migration, TimeSpan.Zero), cancellationToken);

    /// <summary>The rows of a table that is there.</summary>
    protected abstract Task<IReadOnlyList<HistoryRow>> RowsAsync(
        NpgsqlConnection connection,
        MigrationSet set,
        CancellationToken cancellationToken
    );
}

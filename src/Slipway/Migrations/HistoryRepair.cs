using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Writes what a person knows better into the history; runs nothing.</summary>
/// <param name="output">Gets what is waited for.</param>
internal sealed class HistoryRepair(RunOutput output)
{
    /// <summary>Writes that a schema contains the migrations up to one, where there is no history yet.</summary>
    /// <returns>What was written.</returns>
    /// <exception cref="SlipwayException">There is a history, or no such migration; nothing was written.</exception>
    public async Task<IReadOnlyList<string>> BaselineAsync(
        DatabaseUrl url,
        MigrationSettings settings,
        string to,
        CancellationToken cancellationToken
    )
    {
        await using var target = MigrationTarget.ForChange(url, settings);
        var last = target.Set.Named(to);
        var migrations = target
            .Set.Migrations.Where(migration =>
                !migration.IsRepeatable && target.Set.Format.Compare(migration, last) <= 0
            )
            .ToList();
        await using var held = await target.LockAsync(output, cancellationToken);
        await using var connection = await target.Sessions.OpenAsync(cancellationToken);
        var rows = await target.History.ReadAsync(connection, target.Set, cancellationToken);
        if (rows.Count > 0)
        {
            throw new SlipwayException(
                $"{target.History.Table} knows {rows.Count} migrations already, and a baseline is for a schema without a history",
                $"nothing was written; for one migration: ./build.sh Resolve --applied {last.Name} --reason \"…\"",
                ExitCode.Refused
            );
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await target.History.CreateAsync(connection, cancellationToken);
        await target.History.BaselineAsync(connection, migrations, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [.. migrations.Select(migration => migration.Name)];
    }

    /// <summary>Writes that one migration is applied, or that one which failed is rolled back.</summary>
    /// <returns>Its name, and what stood in the history before.</returns>
    /// <exception cref="SlipwayException">The history says otherwise; nothing was written.</exception>
    public async Task<(string Name, string Before)> ResolveAsync(
        DatabaseUrl url,
        MigrationSettings settings,
        string name,
        bool isApplied,
        CancellationToken cancellationToken
    )
    {
        await using var target = MigrationTarget.ForChange(url, settings);
        await using var held = await target.LockAsync(output, cancellationToken);
        var entry = Find(await target.StatusAsync(cancellationToken), target.Set, name);
        Refuse(entry, isApplied);
        var migration =
            target.Set.Migrations.FirstOrDefault(found => found.Name.Equals(entry.Name, StringComparison.Ordinal))
            ?? new() { Name = entry.Name, Sql = "" };
        await using var connection = await target.Sessions.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await target.History.CreateAsync(connection, cancellationToken);
        await WriteAsync(connection, target.History, entry, migration, isApplied, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (entry.Name, $"{MigrationStatusTable.Word(entry.Condition)}: {entry.Detail}".TrimEnd(':', ' '));
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection,
        MigrationHistory history,
        MigrationEntry entry,
        Migration migration,
        bool isApplied,
        CancellationToken cancellationToken
    )
    {
        // Being undone, it still stands in the history as applied.
        if (!entry.IsGoingBack)
        {
            await (
                isApplied
                    ? history.MarkAppliedAsync(connection, migration, cancellationToken)
                    : history.MarkRolledBackAsync(connection, migration, cancellationToken)
            );
        }
        else if (!isApplied)
        {
            await Query.RunAsync(connection, history.Remove(migration, TimeSpan.Zero), cancellationToken);
        }

        if (entry.IsInterrupted)
        {
            await new StepProgress(history.Table.Schema).EndAsync(connection, cancellationToken);
        }
    }

    private static MigrationEntry Find(MigrationStatus status, MigrationSet set, string name) =>
        status.Entries.FirstOrDefault(entry => entry.Name.Equals(name, StringComparison.Ordinal))
        ?? status.Entries.First(entry => entry.Name.Equals(set.Named(name).Name, StringComparison.Ordinal));

    private static void Refuse(MigrationEntry entry, bool isApplied)
    {
        var isUnfinished = entry.Condition is MigrationCondition.Failed or MigrationCondition.Interrupted;
        if (isApplied && entry.Sequence is not null && !isUnfinished)
        {
            throw new SlipwayException(
                $"The history says that {entry.Name} is applied already ({MigrationStatusTable.Word(entry.Condition)})",
                "nothing was written; look with: ./build.sh MigrateStatus",
                ExitCode.Refused
            );
        }

        if (isApplied && !entry.HasFile)
        {
            throw new SlipwayException(
                $"{entry.Name} has no file, so it cannot be said to be applied",
                "nothing was written; bring the file back from version control",
                ExitCode.Refused
            );
        }

        if (!isApplied && !isUnfinished)
        {
            throw new SlipwayException(
                $"{entry.Name} did not fail: it is {MigrationStatusTable.Word(entry.Condition)}, so there is nothing to declare undone",
                entry.Sequence is null
                    ? "nothing was written; look with: ./build.sh MigrateStatus"
                    : "nothing was written; to undo it: ./build.sh MigrateRollback --steps 1",
                ExitCode.Refused
            );
        }
    }
}

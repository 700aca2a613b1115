using System.Data;
using Npgsql;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>
/// Applies a migration that no transaction allows, statement by statement. The history is written before and after, as
/// Prisma does, so that a run that ends in between is seen by the next.
/// </summary>
internal sealed class StepwiseMigration(
    MigrationSession sessions,
    MigrationHistory history,
    MigrationSettings settings,
    RunOutput output
)
{
    private const int Tries = 5;

    /// <summary>Applies it.</summary>
    public async Task ApplyAsync(
        Migration migration,
        MigrationScript script,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        var id = Guid.NewGuid().ToString();
        var done = 0;
        await using var connection = await sessions.OpenAsync(cancellationToken);
        try
        {
            await history.StartAsync(connection, id, migration, cancellationToken);
            for (; done < script.Statements.Count; done++)
            {
                var statement = script.Statements[done];
                await StepAsync(connection, id, migration, statement, done == 0, before, cancellationToken);
            }

            await MigrationSession.RunAsync(
                connection,
                "RESET SESSION AUTHORIZATION; RESET ROLE",
                CancellationToken.None
            );
            await history.FinishAsync(connection, id, CancellationToken.None);
        }
        catch (NpgsqlException exception)
        {
            // Between two statements, or after the last: the history still says begun.
            throw MigrationError.Of(migration, null, exception, MigrationState.HalfApplied, before);
        }
        catch (OperationCanceledException exception)
        {
            // Every statement that was begun is undone; those before it stay.
            await RecordAsync(id, exception, isClean: done == 0);
            throw MigrationError.Of(migration, null, exception, State(done == 0, isWhole: true), before);
        }
    }

    private async Task StepAsync(
        NpgsqlConnection connection,
        string id,
        Migration migration,
        SqlStatement statement,
        bool isFirst,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        var processId = connection.ProcessID;
        for (var attempt = 1; ; attempt++)
        {
            var indexes = await IndexSnapshot.TakeAsync(connection, cancellationToken);
            try
            {
                await RunAsync(connection, statement, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
            {
                var isWhole = await CleanAsync(
                    connection.State is ConnectionState.Open ? 0 : processId,
                    indexes,
                    statement
                );
                var isUndone = exception is PostgresException or OperationCanceledException && isWhole is true;
                if (
                    isUndone
                    && attempt < Tries
                    && exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
                )
                {
                    await LockBackoff.WaitAsync(migration.Name, attempt, Tries, output, cancellationToken);
                    continue;
                }

                if (isUndone && exception is OperationCanceledException)
                {
                    throw;
                }

                await RecordAsync(id, exception, isUndone && isFirst);
                throw MigrationError.Of(migration, statement, exception, State(isUndone && isFirst, isWhole), before);
            }
        }
    }

    private static MigrationState State(bool isClean, bool? isWhole) =>
        isClean ? MigrationState.FailedCleanly
        : isWhole is null ? MigrationState.Unknown
        : MigrationState.HalfApplied;

    private async Task RunAsync(
        NpgsqlConnection connection,
        SqlStatement statement,
        CancellationToken cancellationToken
    )
    {
        // What works concurrently stands in nobody's way while it waits, so it may wait.
        var limit = MigrationScript.IsConcurrent(statement) ? TimeSpan.Zero : settings.LockTimeout;
        await MigrationSession.LimitLocksAsync(connection, limit, cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(statement.Text));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // Drops the invalid index that a failed CREATE INDEX CONCURRENTLY leaves. True when everything is as it was before
    // the statement, false when something is damaged, null when nobody knows.
    private async Task<bool?> CleanAsync(int processId, IndexSnapshot before, SqlStatement statement)
    {
        return await sessions.AfterLossAsync(
            processId,
            output.Time,
            async (connection, token) =>
            {
                var now = await IndexSnapshot.TakeAsync(connection, token);
                foreach (var leftover in now.Leftovers(before, statement))
                {
                    if (!await DropAsync(connection, leftover, token))
                    {
                        return false;
                    }
                }

                return !now.HasDamage(before);
            }
        );
    }

    private async Task<bool> DropAsync(NpgsqlConnection connection, string index, CancellationToken cancellationToken)
    {
        output.Line($"dropping the invalid index {index} that the failed statement left");
        try
        {
            await MigrationSession.RunAsync(connection, $"DROP INDEX CONCURRENTLY {index}", cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            output.Warn(
                $"it could not be dropped ({MigrationError.Words(exception)}); do it later: DROP INDEX CONCURRENTLY {index}"
            );
            return false;
        }
    }

    private async Task RecordAsync(string id, Exception exception, bool isClean)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), output.Time);
        try
        {
            await using var connection = await sessions.OpenPlainAsync(limit.Token);
            var logs = MigrationError.Words(exception);
            await (
                isClean
                    ? history.RollBackAsync(connection, id, logs, limit.Token)
                    : history.FailAsync(connection, id, logs, limit.Token)
            );
        }
        catch (Exception failure) when (failure is NpgsqlException or SlipwayException or OperationCanceledException)
        {
            // The row that was written before stands: the next run sees a migration that began and never finished.
            output.Warn($"the history could not be written: {failure.Message}");
        }
    }
}

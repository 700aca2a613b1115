using System.Data;
using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Writes in the history that a migration begins, is done or has failed that runs statement by statement.</summary>
internal sealed class StepJournal(MigrationSession sessions, MigrationHistory history, RunOutput output)
{
    private readonly StepProgress _progress = new(history.Table.Schema);

    /// <summary>Writes that it begins.</summary>
    /// <exception cref="MigrationFailedException">The answer was lost; says what is written.</exception>
    /// <exception cref="SlipwayException">Somebody else was faster.</exception>
    public async Task<MigrationAttempt> BeginAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        var (attempt, isUp) = (MigrationAttempt.New(work.Migration), work.Direction is MigrationDirection.Up);
        var processId = connection.ProcessID;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Query.RunAsync(connection, [history.Lock], cancellationToken);
        if (await history.HasAsync(connection, work.Migration, cancellationToken) == isUp)
        {
            throw MigrationError.Overtaken(work);
        }

        await Query.RunAsync(connection, isUp ? history.Start(attempt) : [], cancellationToken);
        await _progress.BeginAsync(connection, work, attempt, cancellationToken);
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
            return attempt;
        }
        catch (NpgsqlException exception)
        {
            // Whether that was written is not known, and nothing else was done: so it is written that nothing was.
            var isUndone =
                await sessions.AfterLossAsync(
                    connection.State is ConnectionState.Open ? 0 : processId,
                    output.Time,
                    (_, _) => Task.FromResult(true)
                )
                    is true
                && await FailAsync(attempt, work, exception, isUndone: true, isClean: true);
            var state = isUndone ? MigrationState.FailedCleanly : MigrationState.Unknown;
            throw MigrationError.Of(work, null, exception, state, before);
        }
    }

    /// <summary>Writes that it is done.</summary>
    /// <exception cref="MigrationFailedException">That could not be written, or nobody knows.</exception>
    public async Task FinishAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        MigrationAttempt attempt,
        TimeSpan took,
        IReadOnlyList<AppliedMigration> before
    )
    {
        var processId = connection.ProcessID;
        try
        {
            await Query.RunAsync(connection, "RESET SESSION AUTHORIZATION; RESET ROLE", CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            var row =
                work.Direction is MigrationDirection.Up
                    ? history.Finish(attempt, took)
                    : history.Remove(work.Migration, took);
            await Query.RunAsync(connection, row, CancellationToken.None);
            await _progress.EndAsync(connection, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException exception)
        {
            var isCommitted = await sessions.AfterLossAsync(
                connection.State is ConnectionState.Open ? 0 : processId,
                output.Time,
                (other, token) => history.IsCommittedAsync(other, work, attempt, token)
            );
            if (isCommitted is not true)
            {
                // All statements are done, and the next run has only to write so.
                var state = isCommitted is null ? MigrationState.Unknown : MigrationState.HalfApplied;
                throw MigrationError.Of(work, null, exception, state, before);
            }

            output.Line($"{work.Name}: the connection was lost at COMMIT; it was committed");
        }
    }

    /// <summary>Writes that it failed.</summary>
    /// <returns>True when it is written that nothing of it stays.</returns>
    public async Task<bool> FailAsync(
        MigrationAttempt attempt,
        MigrationWork work,
        Exception exception,
        bool isUndone,
        bool isClean
    )
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), output.Time);
        try
        {
            await using var connection = await sessions.OpenPlainAsync(limit.Token);
            await using var transaction = await connection.BeginTransactionAsync(limit.Token);
            var logs = MigrationError.Words(exception);
            if (work.Direction is MigrationDirection.Up)
            {
                await (
                    isClean
                        ? history.UndoneAsync(connection, attempt, logs, limit.Token)
                        : history.FailAsync(connection, attempt, logs, limit.Token)
                );
            }

            await (
                isClean
                    ? _progress.EndAsync(connection, limit.Token)
                    : _progress.FailAsync(connection, logs, isUndone, limit.Token)
            );
            await transaction.CommitAsync(limit.Token);
            return isClean;
        }
        catch (Exception failure) when (failure is NpgsqlException or SlipwayException or OperationCanceledException)
        {
            // What was written before stands: the next run sees a migration that began and never finished.
            output.Warn($"the history could not be written: {failure.Message}");
            return false;
        }
    }
}

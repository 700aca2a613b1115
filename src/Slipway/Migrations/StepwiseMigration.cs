using System.Data;
using System.Runtime.ExceptionServices;
using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;

namespace Slipway.Migrations;

/// <summary>
/// Runs a migration that no transaction allows, statement by statement. How far it came is written with every statement, so
/// that a run that ends in between is seen by the next, which goes on where it ended.
/// </summary>
internal sealed class StepwiseMigration(
    MigrationTarget target,
    MigrationLock held,
    StatementHook? hook,
    RunOutput output
)
{
    private readonly MigrationSession _sessions = target.Sessions;
    private readonly StepProgress _progress = new(target.History.Table.Schema);
    private readonly StepJournal _journal = new(target.Sessions, target.History, output);

    /// <summary>Runs it, or the rest of it.</summary>
    public async Task RunAsync(
        MigrationWork work,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        var started = output.Time.GetTimestamp();
        await using var connection = await _sessions.OpenAsync(cancellationToken);
        var row = await _progress.ReadAsync(connection, cancellationToken);
        var (attempt, done) =
            row is not null && row.Is(work)
                ? await GoOnAsync(connection, work, row, cancellationToken)
                : (await _journal.BeginAsync(connection, work, before, cancellationToken), 0);
        try
        {
            for (; done < work.Script.Statements.Count; done++)
            {
                await StepAsync(connection, work, attempt, done, before, cancellationToken);
            }
        }
        catch (NpgsqlException exception)
        {
            // Between two statements: what was written so far says where to go on.
            throw MigrationError.Of(work, null, exception, MigrationState.HalfApplied, before);
        }
        catch (OperationCanceledException exception)
        {
            // Every statement that was begun is undone; those before it stay.
            var isClean = await _journal.FailAsync(attempt, work, exception, isUndone: true, isClean: done == 0);
            throw MigrationError.Of(work, null, exception, State(isClean, isWhole: true), before);
        }

        await _journal.FinishAsync(connection, work, attempt, output.Time.GetElapsedTime(started), before);
    }

    private async Task<(MigrationAttempt Attempt, int Done)> GoOnAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        StepProgressRow row,
        CancellationToken cancellationToken
    )
    {
        var done = row.Done;
        if (row.IsBegun && await new StepRecovery(_sessions, output).IsDoneAsync(work, row, cancellationToken))
        {
            done++;
        }

        await _progress.SetAsync(connection, done, isBegun: false, cancellationToken);
        output.Line($"  {work.Name}: {done} of {work.Script.Statements.Count} statements are done; going on");
        // What those set for the session is gone with it.
        foreach (var statement in work.Script.Statements.Take(done).Where(MigrationScript.ChangesSession))
        {
            await Query.RunAsync(connection, statement.Text, cancellationToken);
        }

        return (new(row.Attempt, work.Migration), done);
    }

    private async Task StepAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        MigrationAttempt attempt,
        int done,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        var (statement, isFirst, processId) = (work.Script.Statements[done], done == 0, connection.ProcessID);
        for (var tries = 1; ; tries++)
        {
            var indexes = await IndexSnapshot.TakeAsync(connection, cancellationToken);
            try
            {
                await StatementProgress.WatchAsync(
                    work.Name,
                    processId,
                    token => RunAsync(connection, work, done, token),
                    _sessions,
                    output,
                    cancellationToken
                );
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
            {
                var lost = connection.State is ConnectionState.Open ? 0 : processId;
                var isWhole = await new IndexCleaning(_sessions, output).CleanAsync(lost, indexes, statement);
                var isUndone = exception is PostgresException or OperationCanceledException && isWhole is true;
                if (!isUndone || !await TriesAgainAsync(work.Name, tries, exception, cancellationToken))
                {
                    var isClean = await _journal.FailAsync(attempt, work, exception, isUndone, isUndone && isFirst);
                    throw MigrationError.Of(work, statement, exception, State(isClean, isWhole), before);
                }
            }
        }
    }

    // A lock that was not free may be so later; who cancels wants no more of it.
    private async Task<bool> TriesAgainAsync(
        string migration,
        int tries,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (exception is OperationCanceledException)
        {
            ExceptionDispatchInfo.Throw(exception);
        }

        if (
            exception
                is not PostgresException
                {
                    SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
                }
            || tries == LockBackoff.Tries
        )
        {
            return false;
        }

        await LockBackoff.WaitAsync(migration, tries, output, cancellationToken);
        return true;
    }

    private static MigrationState State(bool isClean, bool? isWhole) =>
        isClean ? MigrationState.FailedCleanly
        : isWhole is null ? MigrationState.Unknown
        : MigrationState.HalfApplied;

    private async Task RunAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        int done,
        CancellationToken cancellationToken
    )
    {
        var statement = work.Script.Statements[done];
        var run = new StatementRun(
            work.Name,
            work.Direction,
            statement,
            done + 1,
            work.Script.Statements.Count,
            connection
        );
        // What works concurrently stands in nobody's way while it waits, so it may wait.
        var limit = MigrationScript.IsConcurrent(statement) ? TimeSpan.Zero : target.Settings.LockTimeout;
        await MigrationSession.LimitLocksAsync(connection, limit, cancellationToken);
        var isAlone = MigrationScript.NeedsNoTransaction(statement);
        await using var transaction = isAlone ? null : await connection.BeginTransactionAsync(cancellationToken);
        if (isAlone)
        {
            await _progress.SetAsync(connection, done, isBegun: true, cancellationToken);
        }

        await (hook?.Before(run, cancellationToken) ?? Task.CompletedTask);
        await (
            MigrationScript.IsConcurrent(statement)
                ? new LockQueue(held, _sessions, output).KeepClearAsync(
                    connection.ProcessID,
                    token => SendAsync(connection, statement, token),
                    cancellationToken
                )
                : SendAsync(connection, statement, cancellationToken)
        );
        await (hook?.After(run, cancellationToken) ?? Task.CompletedTask);
        await _progress.SetAsync(connection, done + 1, isBegun: false, CancellationToken.None);
        await (transaction?.CommitAsync(CancellationToken.None) ?? Task.CompletedTask);
    }

    private static async Task SendAsync(
        NpgsqlConnection connection,
        SqlStatement statement,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(statement.Text));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

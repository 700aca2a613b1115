using System.Data;
using System.Runtime.ExceptionServices;
using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>
/// Runs a migration that no transaction allows, statement by statement. How far it came is written with every statement, so
/// that a run that ends in between is seen by the next, which goes on where it ended.
/// </summary>
internal sealed class StepwiseMigration(
    MigrationSession sessions,
    MigrationHistory history,
    MigrationSettings settings,
    StatementHook? hook,
    RunOutput output
)
{
    private const int Tries = 5;
    private readonly StepProgress _progress = new(history.Table.Schema);

    /// <summary>Runs it, or the rest of it.</summary>
    public async Task RunAsync(
        MigrationWork work,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        var started = output.Time.GetTimestamp();
        await using var connection = await sessions.OpenAsync(cancellationToken);
        var (attempt, first) = await BeginAsync(connection, work, cancellationToken);
        var done = first;
        try
        {
            for (; done < work.Script.Statements.Count; done++)
            {
                await StepAsync(connection, work, attempt, done, before, cancellationToken);
            }

            await FinishAsync(connection, work, attempt, output.Time.GetElapsedTime(started));
        }
        catch (NpgsqlException exception)
        {
            // Between two statements, or after the last: what was written so far says where to go on.
            throw MigrationError.Of(work, null, exception, MigrationState.HalfApplied, before);
        }
        catch (OperationCanceledException exception)
        {
            // Every statement that was begun is undone; those before it stay.
            await RecordAsync(attempt, work, exception, isUndone: true, isClean: done == 0);
            throw MigrationError.Of(work, null, exception, State(done == 0, isWhole: true), before);
        }
    }

    private async Task<(MigrationAttempt Attempt, int First)> BeginAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        CancellationToken cancellationToken
    )
    {
        if (await _progress.ReadAsync(connection, cancellationToken) is { } row && row.Is(work))
        {
            var first = row.Done;
            if (row.IsBegun && await new StepRecovery(sessions, output).IsDoneAsync(work, row, cancellationToken))
            {
                first++;
            }

            await _progress.SetAsync(connection, first, isBegun: false, cancellationToken);
            output.Line($"  {work.Name}: {first} of {work.Script.Statements.Count} statements are done; going on");
            // What those set for the session is gone with it.
            foreach (var statement in work.Script.Statements.Take(first).Where(MigrationScript.ChangesSession))
            {
                await Query.RunAsync(connection, statement.Text, cancellationToken);
            }

            return (new(row.Attempt, work.Migration), first);
        }

        var attempt = MigrationAttempt.New(work.Migration);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (work.Direction is MigrationDirection.Up)
        {
            await Query.RunAsync(connection, history.Start(attempt), cancellationToken);
        }

        await _progress.BeginAsync(connection, work, attempt, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (attempt, 0);
    }

    private async Task FinishAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        MigrationAttempt attempt,
        TimeSpan took
    )
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
                    sessions,
                    output,
                    cancellationToken
                );
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
            {
                var lost = connection.State is ConnectionState.Open ? 0 : processId;
                var isWhole = await new IndexCleaning(sessions, output).CleanAsync(lost, indexes, statement);
                var isUndone = exception is PostgresException or OperationCanceledException && isWhole is true;
                if (!isUndone || !await TriesAgainAsync(work.Name, tries, exception, cancellationToken))
                {
                    await RecordAsync(attempt, work, exception, isUndone, isUndone && isFirst);
                    throw MigrationError.Of(work, statement, exception, State(isUndone && isFirst, isWhole), before);
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

        if (exception is not PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } || tries == Tries)
        {
            return false;
        }

        await LockBackoff.WaitAsync(migration, tries, Tries, output, cancellationToken);
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
        var limit = MigrationScript.IsConcurrent(statement) ? TimeSpan.Zero : settings.LockTimeout;
        await MigrationSession.LimitLocksAsync(connection, limit, cancellationToken);
        var isAlone = MigrationScript.NeedsNoTransaction(statement);
        await using var transaction = isAlone ? null : await connection.BeginTransactionAsync(cancellationToken);
        if (isAlone)
        {
            await _progress.SetAsync(connection, done, isBegun: true, cancellationToken);
        }

        await (hook?.Before(run, cancellationToken) ?? Task.CompletedTask);
        await SendAsync(connection, statement, cancellationToken);
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

    private async Task RecordAsync(
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
        }
        catch (Exception failure) when (failure is NpgsqlException or SlipwayException or OperationCanceledException)
        {
            // What was written before stands: the next run sees a migration that began and never finished.
            output.Warn($"the history could not be written: {failure.Message}");
        }
    }
}

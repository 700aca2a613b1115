using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Runs a migration and writes its history in one transaction: all of it happens, or nothing.</summary>
internal sealed class AtomicMigration(
    MigrationSession sessions,
    MigrationHistory history,
    StatementHook? hook,
    RunOutput output
)
{
    private const int Tries = 5;
    private const int AtOnce = 64;
    private static readonly TimeSpan CommitLimit = TimeSpan.FromMinutes(1);

    /// <summary>Runs it; a lock that is not free is tried for again after a while in which others can work.</summary>
    public async Task RunAsync(
        MigrationWork work,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(work, before, cancellationToken);
                return;
            }
            catch (MigrationFailedException exception)
                when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
                    && attempt < Tries
                )
            {
                await LockBackoff.WaitAsync(work.Name, attempt, Tries, output, cancellationToken);
            }
        }
    }

    private async Task TryAsync(
        MigrationWork work,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        var attempt = MigrationAttempt.New(work.Migration);
        var started = output.Time.GetTimestamp();
        SqlStatement? current = null;
        await using var connection = await sessions.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await BeginAsync(connection, work, attempt, cancellationToken);
            await StatementProgress.WatchAsync(
                work.Name,
                connection.ProcessID,
                token => RunAsync(connection, work, failed => current = failed, token),
                sessions,
                output,
                cancellationToken
            );
            current = null;
            // The migration may have become somebody else.
            await Query.RunAsync(connection, "RESET SESSION AUTHORIZATION; RESET ROLE", cancellationToken);
            var took = output.Time.GetElapsedTime(started);
            await (
                work.Direction is MigrationDirection.Up
                    ? history.FinishAsync(connection, attempt, took, cancellationToken)
                    : history.RemoveAsync(connection, work.Migration, took, cancellationToken)
            );
        }
        catch (NpgsqlException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw MigrationError.Of(work, current, exception, MigrationState.FailedCleanly, before);
        }

        await CommitAsync(transaction, connection.ProcessID, work, attempt, before);
    }

    private async Task BeginAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        MigrationAttempt attempt,
        CancellationToken cancellationToken
    )
    {
        // Should the advisory lock get lost, or the tool know none, this one still lets no second run in.
        await history.LockAsync(connection, cancellationToken);
        var isUp = work.Direction is MigrationDirection.Up;
        if (await history.HasAsync(connection, work.Migration, cancellationToken) == isUp)
        {
            throw new SlipwayException(
                $"Migration {work.Name} was {(isUp ? "applied" : "undone")} by somebody else in the meantime",
                "look with: ./build.sh MigrateStatus",
                ExitCode.Refused
            );
        }

        if (isUp)
        {
            await history.StartAsync(connection, attempt, cancellationToken);
        }
    }

    private async Task RunAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        Action<SqlStatement> reached,
        CancellationToken cancellationToken
    )
    {
        var statements = work.Script.Statements;
        for (var i = 0; hook is not null && i < statements.Count; i++)
        {
            reached(statements[i]);
            var run = new StatementRun(work.Name, work.Direction, statements[i], i + 1, statements.Count, connection);
            await hook.Before(run, cancellationToken);
            await SendAsync(connection, [statements[i]], reached, cancellationToken);
            await hook.After(run, cancellationToken);
        }

        foreach (var chunk in hook is null ? statements.Chunk(AtOnce) : [])
        {
            reached(chunk[0]);
            await SendAsync(connection, chunk, reached, cancellationToken);
        }
    }

    private static async Task SendAsync(
        NpgsqlConnection connection,
        SqlStatement[] statements,
        Action<SqlStatement> failed,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement.Text));
        }

        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException exception) when (exception.BatchCommand is { } command)
        {
            failed(statements[batch.BatchCommands.IndexOf(command)]);
            throw;
        }
    }

    // Not interrupted by Ctrl-C: half a second more, and there is no doubt what happened.
    private async Task CommitAsync(
        NpgsqlTransaction transaction,
        int processId,
        MigrationWork work,
        MigrationAttempt attempt,
        IReadOnlyList<AppliedMigration> before
    )
    {
        using var limit = new CancellationTokenSource(CommitLimit, output.Time);
        try
        {
            await transaction.CommitAsync(limit.Token);
        }
        catch (PostgresException exception) when (exception.Severity is "ERROR")
        {
            throw MigrationError.Of(work, null, exception, MigrationState.FailedCleanly, before);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            output.Line($"{work.Name}: the connection was lost at COMMIT; asking the history what became of it");
            switch (
                await sessions.AfterLossAsync(
                    processId,
                    output.Time,
                    (connection, token) => IsCommittedAsync(connection, work, attempt, token)
                )
            )
            {
                case true:
                    output.Line($"{work.Name}: it was committed");
                    return;
                case false:
                    throw MigrationError.Of(work, null, exception, MigrationState.FailedCleanly, before);
                case null:
                    throw MigrationError.Of(work, null, exception, MigrationState.Unknown, before);
            }
        }
    }

    private async Task<bool> IsCommittedAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        MigrationAttempt attempt,
        CancellationToken cancellationToken
    ) =>
        work.Direction is MigrationDirection.Up
            ? await history.IsFinishedAsync(connection, attempt, cancellationToken)
            : !await history.HasAsync(connection, work.Migration, cancellationToken);
}

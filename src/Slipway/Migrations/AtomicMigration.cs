using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;

namespace Slipway.Migrations;

/// <summary>Runs a migration and writes its history in one transaction: all of it happens, or nothing.</summary>
internal sealed class AtomicMigration(
    MigrationSession sessions,
    MigrationHistory history,
    MigrationLock held,
    StatementHook? hook,
    RunOutput output
)
{
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
                    && attempt < LockBackoff.Tries
                )
            {
                await LockBackoff.WaitAsync(work.Name, attempt, output, cancellationToken);
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
        SqlStatement? current = null;
        await using var connection = await sessions.OpenPlainAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await BeginAsync(connection, work, cancellationToken);
            await StatementProgress.WatchAsync(
                work.Name,
                connection.ProcessID,
                token => RunAsync(connection, work, attempt, reached => current = reached, token),
                sessions,
                output,
                cancellationToken
            );
        }
        catch (NpgsqlException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw MigrationError.Of(work, current, exception, MigrationState.FailedCleanly, before);
        }

        await CommitAsync(transaction, connection.ProcessID, work, attempt, before);
    }

    private async Task BeginAsync(NpgsqlConnection connection, MigrationWork work, CancellationToken cancellationToken)
    {
        // Should the advisory lock get lost, or the tool know none, that on the table still lets no second run in.
        var (isHeld, has) = await Query.AreTrueAsync(
            connection,
            [.. sessions.Limits, history.Lock],
            held.IsHeld,
            history.Has(work.Migration),
            cancellationToken
        );
        if (!isHeld)
        {
            throw held.Lost;
        }

        var isUp = work.Direction is MigrationDirection.Up;
        if (has == isUp)
        {
            throw MigrationError.Overtaken(work);
        }
    }

    private async Task RunAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        MigrationAttempt attempt,
        Action<SqlStatement?> reached,
        CancellationToken cancellationToken
    )
    {
        var isUp = work.Direction is MigrationDirection.Up;
        var statements = work.Script.Statements;
        Part[] first = [.. (isUp ? history.Start(attempt) : []).Select(call => new Part(call, null))];
        Part[] last =
        [
            // The migration may have become somebody else.
            new(new("RESET SESSION AUTHORIZATION"), null),
            new(new("RESET ROLE"), null),
            .. (isUp ? history.Finish(attempt, null) : history.Remove(work.Migration, null)).Select(call => new Part(
                call,
                null
            )),
        ];
        if (hook is null)
        {
            // As few round trips as can be: over a network they are what many small migrations take.
            Part[] all = [.. first, .. statements.Select(Part.Of), .. last];
            foreach (var chunk in all.Chunk(AtOnce))
            {
                await SendAsync(connection, chunk, reached, cancellationToken);
            }

            return;
        }

        await SendAsync(connection, first, reached, cancellationToken);
        for (var i = 0; i < statements.Count; i++)
        {
            var run = new StatementRun(work.Name, work.Direction, statements[i], i + 1, statements.Count, connection);
            await hook.Before(run, cancellationToken);
            await SendAsync(connection, [Part.Of(statements[i])], reached, cancellationToken);
            await hook.After(run, cancellationToken);
        }

        await SendAsync(connection, last, reached, cancellationToken);
    }

    private static async Task SendAsync(
        NpgsqlConnection connection,
        Part[] parts,
        Action<SqlStatement?> reached,
        CancellationToken cancellationToken
    )
    {
        reached(Array.Find(parts, part => part.Statement is not null).Statement);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var part in parts)
        {
            batch.BatchCommands.Add(part.Call.Command());
        }

        try
        {
            await Query.RunAsync(batch, cancellationToken);
        }
        catch (NpgsqlException exception) when (exception.BatchCommand is { } command)
        {
            reached(parts[batch.BatchCommands.IndexOf(command)].Statement);
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
                    (connection, token) => history.IsCommittedAsync(connection, work, attempt, token)
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

    // What is sent, and the statement of the file that it is; null when it is the history's.
    private readonly record struct Part(SqlCall Call, SqlStatement? Statement)
    {
        public static Part Of(SqlStatement statement) => new(new(statement.Text), statement);
    }
}

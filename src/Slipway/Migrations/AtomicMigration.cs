using Npgsql;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Applies a migration and writes its history in one transaction: all of it happens, or nothing.</summary>
internal sealed class AtomicMigration(MigrationSession sessions, MigrationHistory history, RunOutput output)
{
    private const int Tries = 5;
    private const int AtOnce = 64;
    private static readonly TimeSpan CommitLimit = TimeSpan.FromMinutes(1);

    /// <summary>Applies it; a lock that is not free is tried for again after a while in which others can work.</summary>
    public async Task ApplyAsync(
        Migration migration,
        MigrationScript script,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(migration, script, before, cancellationToken);
                return;
            }
            catch (MigrationFailedException exception)
                when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
                    && attempt < Tries
                )
            {
                await LockBackoff.WaitAsync(migration.Name, attempt, Tries, output, cancellationToken);
            }
        }
    }

    private async Task TryAsync(
        Migration migration,
        MigrationScript script,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        var id = Guid.NewGuid().ToString();
        SqlStatement? current = null;
        await using var connection = await sessions.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await BeginAsync(connection, id, migration, cancellationToken);
            foreach (var chunk in script.Statements.Chunk(AtOnce))
            {
                current = chunk[0];
                await RunAsync(connection, chunk, failed => current = failed, cancellationToken);
            }

            current = null;
            // The migration may have become somebody else.
            await MigrationSession.RunAsync(connection, "RESET SESSION AUTHORIZATION; RESET ROLE", cancellationToken);
            await history.FinishAsync(connection, id, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw MigrationError.Of(migration, current, exception, MigrationState.FailedCleanly, before);
        }

        await CommitAsync(transaction, connection.ProcessID, id, migration, before);
    }

    private async Task BeginAsync(
        NpgsqlConnection connection,
        string id,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        // Should the advisory lock get lost, this one still lets no second run in.
        await history.LockAsync(connection, cancellationToken);
        if (await history.HasAsync(connection, migration.Name, cancellationToken))
        {
            throw new SlipwayException(
                $"Migration {migration.Name} was applied by somebody else in the meantime",
                "look with: ./build.sh MigrateStatus",
                ExitCode.Refused
            );
        }

        await history.StartAsync(connection, id, migration, cancellationToken);
    }

    private static async Task RunAsync(
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
        string id,
        Migration migration,
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
            throw MigrationError.Of(migration, null, exception, MigrationState.FailedCleanly, before);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            output.Line($"{migration.Name}: the connection was lost at COMMIT; asking the history what became of it");
            switch (
                await sessions.AfterLossAsync(
                    processId,
                    output.Time,
                    (connection, token) => history.IsFinishedAsync(connection, id, token)
                )
            )
            {
                case true:
                    output.Line($"{migration.Name}: it was committed");
                    return;
                case false:
                    throw MigrationError.Of(migration, null, exception, MigrationState.FailedCleanly, before);
                case null:
                    throw MigrationError.Of(migration, null, exception, MigrationState.Unknown, before);
            }
        }
    }
}

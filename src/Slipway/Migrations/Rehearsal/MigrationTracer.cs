using System.Runtime.ExceptionServices;
using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;

namespace Slipway.Migrations.Rehearsal;

/// <summary>Runs migrations on a copy as a deploy does, and sees what every statement does, by looking and not by reading SQL.</summary>
/// <param name="copy">The copy.</param>
/// <param name="output">Is told of statements that take long.</param>
internal sealed class MigrationTracer(MigrationTarget copy, RunOutput output)
{
    private bool _isPrepared;

    /// <summary>Runs one of a migration's scripts, writes its history, and traces it.</summary>
    /// <exception cref="RehearsalFailedException">A statement failed.</exception>
    public async Task<MigrationTrace> RunAsync(MigrationWork work, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        await using var recorder = new StatementRecorder(copy.Sessions, work.Script.IsTransactional, output.Time);
        var started = output.Time.GetTimestamp();
        try
        {
            await new Migrator(output) { Hook = recorder.Hook }.RunOneAsync(work, copy, cancellationToken);
        }
        catch (MigrationFailedException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (
                failure.InnerException is PostgresException
                {
                    SqlState: not (['5', '3' or '8', ..] or ['5', '7', 'P', ..])
                }
            )
            {
                throw new RehearsalFailedException(work, failure);
            }

            // The server is gone, or full, which says nothing about the migration.
            ExceptionDispatchInfo.Throw(failure.InnerException!);
        }

        var duration = output.Time.GetElapsedTime(started);
        await using var connection = await copy.Sessions.OpenPlainAsync(cancellationToken);
        return new(work.Name, recorder.Traces, work.Script.IsTransactional, duration)
        {
            InvalidIndexes = await Query.RowsAsync(
                connection,
                TraceSql.Invalid,
                row => row.GetString(0),
                cancellationToken
            ),
        };
    }

    /// <summary>Removes what it added.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await using var connection = await copy.Sessions.OpenPlainAsync(cancellationToken);
        await Query.RunAsync(
            connection,
            $"DROP EVENT TRIGGER IF EXISTS _slipway_rewrite; DROP SCHEMA IF EXISTS {TraceSql.Schema} CASCADE",
            cancellationToken
        );
        Forget();
    }

    /// <summary>Learns that the copy is another one now, without what was added to it.</summary>
    public void Forget() => _isPrepared = false;

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await copy.Sessions.OpenPlainAsync(cancellationToken);
        if (!_isPrepared)
        {
            await Query.RunAsync(connection, "ANALYZE", cancellationToken);
        }

        await Query.RunAsync(connection, TraceSql.Remember(copy.History.Table), cancellationToken);
        if (_isPrepared)
        {
            return;
        }

        _isPrepared = true;
        try
        {
            await Query.RunAsync(connection, TraceSql.TellRewrites, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            // Rewrites are seen all the same, only not why.
        }
    }
}

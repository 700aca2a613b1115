using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>
/// Replaces a database by a backup: restores it beside, compares it, counts what would be lost, asks, closes the live one, keeps
/// what the backup lacks, and swaps the names. Until the swap the live database stays what it is, whatever happens.
/// </summary>
/// <param name="restorer">Restores.</param>
/// <param name="confirm">Asks persons, where something would be lost; returns who agreed.</param>
public sealed class RestoreRun(
    DatabaseRestorer restorer,
    Func<RestoreQuestion, CancellationToken, Task<IReadOnlyList<string>>> confirm
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly RunOutput _output = restorer.Output;

    internal Func<RestorePhase, CancellationToken, Task> Reached { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Replaces it.</summary>
    /// <exception cref="SlipwayException">It was not replaced; the message tells which database is live and what is left.</exception>
    public async Task<RestoreOutcome> RunAsync(RestoreRequest request, CancellationToken cancellationToken)
    {
        await using var server = await LockAsync(request.Live, request.Environment, cancellationToken);
        await FinishAsync(server, request.Environment, cancellationToken);
        var live = await ReplacementPreconditions.CheckAsync(server, request.Live, _output, cancellationToken);
        var journal = NewJournal(request, live);
        await journal.WriteAsync(restorer.Store, request.Environment, cancellationToken);
        try
        {
            var replacement = new Replacement(restorer, server, request, live, journal)
            {
                Confirm = confirm,
                Reached = Reached,
            };
            var outcome = await replacement.RunAsync(cancellationToken);
            await SettleAsync(request, journal);
            Tell(outcome);
            return outcome;
        }
        catch (Exception exception)
        {
            await server.DisposeAsync();
            var (state, what) = await SettleAsync(request, journal);
            if (
                exception is OperationCanceledException
                && cancellationToken.IsCancellationRequested
                && state is not null
            )
            {
                _output.Line($"  The restore of backup {request.Manifest.Id} was interrupted: {what}");
                throw;
            }

            throw Failed(request, exception, state, what);
        }
    }

    /// <summary>Brings a restore that was interrupted to an end: undone when the names were not changed yet, done otherwise.</summary>
    /// <returns>What state things are in; null when there was none.</returns>
    /// <exception cref="SlipwayException">Somebody is restoring, or a person has to decide.</exception>
    public async Task<RestoreState?> FinishAsync(
        DatabaseUrl live,
        string environment,
        CancellationToken cancellationToken
    )
    {
        await using var server = await LockAsync(live, environment, cancellationToken);
        return await FinishAsync(server, environment, cancellationToken);
    }

    private async Task<RestoreState?> FinishAsync(
        ServerSession server,
        string environment,
        CancellationToken cancellationToken
    )
    {
        if (await RestoreJournal.ReadAsync(restorer.Store, environment, cancellationToken) is not { } journal)
        {
            return null;
        }

        var settlement = new RestoreSettlement(server, restorer.Store, environment);
        var state = await settlement.RunAsync(journal, cancellationToken);
        _output.Line(
            $"  The restore {journal.Stamp} of backup {journal.Backup} had been interrupted ({journal.Phase}): {state.What}"
        );
        return state;
    }

    private static async Task<ServerSession> LockAsync(
        DatabaseUrl live,
        string environment,
        CancellationToken cancellationToken
    )
    {
        var server = await ServerSession.OpenAsync(live, cancellationToken);
        if (await server.TryLockAsync(live.Database, cancellationToken))
        {
            return server;
        }

        await server.DisposeAsync();
        throw new SlipwayException(
            $"Database {live.Database} at {live.Host}:{live.Port} is being restored by another run",
            $"wait until it ends, then: ./build.sh Restore --env {environment}",
            ExitCode.Refused
        );
    }

    private RestoreJournal NewJournal(RestoreRequest request, DatabaseState live)
    {
        var now = _output.Time.GetUtcNow();
        var stamp = string.Create(
            CultureInfo.InvariantCulture,
            $"{now:yyyyMMddHHmmss}_{RandomNumberGenerator.GetHexString(2, lowercase: true)}"
        );
        return new()
        {
            Stamp = stamp,
            Backup = request.Manifest.Id,
            Database = request.Live.Database,
            DatabaseId = live.Id,
            TookConnections = live.TakesConnections,
            Restored = Sql.Beside(request.Live.Database, $"_restore_{stamp}"),
            Replaced = Sql.Beside(request.Live.Database, $"_before_restore_{stamp[..14]}"),
        };
    }

    // In its own time: the run may be cancelled, and the server may just be coming back.
    private async Task<(RestoreState? State, string What)> SettleAsync(RestoreRequest request, RestoreJournal journal)
    {
        using var limit = new CancellationTokenSource(restorer.Options.CleanupLimit, _output.Time);
        while (true)
        {
            try
            {
                await using var server = await ServerSession.OpenAsync(request.Live, limit.Token);
                var settlement = new RestoreSettlement(server, restorer.Store, request.Environment);
                var state = await settlement.RunAsync(journal, limit.Token);
                return (state, state.What);
            }
            catch (SlipwayException exception) when (exception.ExitCode is ExitCode.NeedsPerson)
            {
                return (null, exception.Message);
            }
            catch (Exception exception)
                when (exception is NpgsqlException or SlipwayException or OperationCanceledException or IOException)
            {
                if (limit.IsCancellationRequested)
                {
                    return (
                        null,
                        $"whether {journal.Database} is open, and whether {journal.Restored} is left over, could not be seen "
                            + $"({RestoreFailure.Reason(exception)})"
                    );
                }

                await Task.Delay(Pause, _output.Time, CancellationToken.None);
            }
        }
    }

    private void Tell(RestoreOutcome outcome)
    {
        _output.Line(
            $"  Database {outcome.Database} is the one of backup {outcome.Backup} now; nobody could connect for "
                + $"{outcome.Downtime.TotalMilliseconds:0} ms."
        );
        _output.Line(
            $"  The one before is kept as {outcome.Replaced}, closed; drop it after {outcome.DropAfter:yyyy-MM-dd}: "
                + $"DROP DATABASE {Sql.Name(outcome.Replaced)}"
        );
        if (outcome.Salvage is not null)
        {
            _output.Line(
                $"  Rows that the backup does not have are in {outcome.Salvage} of {restorer.Store.Location}."
            );
        }
    }

    private static RestoreFailedException Failed(
        RestoreRequest request,
        Exception exception,
        RestoreState? state,
        string what
    ) =>
        new(
            $"Database {request.Live.Database} was {(state is { IsSwapped: true } ? "" : "not ")}replaced by backup "
                + $"{request.Manifest.Id}: {RestoreFailure.Reason(exception)}; {what}",
            state switch
            {
                null => $"see that the server runs, then: ./build.sh Restore --env {request.Environment} --finish",
                { IsSwapped: true } =>
                    $"look whether it is what you want: ./build.sh HealthCheck --env {request.Environment}",
                _ =>
                    $"{RestoreFailure.Hint(exception)}, then: ./build.sh Restore --env {request.Environment} --backup {request.Manifest.Id}",
            },
            exception is RestoreFailedException { IsFaultOfBackup: true },
            state is { IsSwapped: false }
                ? (exception as SlipwayException)?.ExitCode ?? ExitCode.Failed
                : ExitCode.NeedsPerson,
            exception
        );
}

using System.Globalization;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>The way of one restore from beside the live database into its place; whoever calls it settles what it leaves.</summary>
internal sealed class Replacement(
    DatabaseRestorer restorer,
    ServerSession server,
    RestoreRequest request,
    DatabaseState live,
    RestoreJournal journal
)
{
    private const string Snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    private readonly RunOutput _output = restorer.Output;
    private RestoreJournal _journal = journal;

    /// <summary>Asks persons.</summary>
    public required Func<RestoreQuestion, CancellationToken, Task<IReadOnlyList<string>>> Confirm { get; init; }

    /// <summary>Told of every phase.</summary>
    public required Func<RestorePhase, CancellationToken, Task> Reached { get; init; }

    private TimeProvider Time => _output.Time;

    private DatabaseUrl New => request.Live with { Database = _journal.Restored };

    public async Task<RestoreOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var own = await OwnTransactions.BeginAsync(server, request.Live.Database, cancellationToken);
        var restored = await RestoreAsync(cancellationToken);
        await own.EndAsync(cancellationToken);
        await using var session = await ServerSession.ConnectAsync(
            request.Live,
            request.Live.Database,
            cancellationToken
        );
        var counter = new WritesCounter(session, request.Manifest, Time);
        var writes = await CountAsync(session, counter, own.Count, cancellationToken);
        _output.Line($"  {writes.ToString().Replace("\n", "\n  ", StringComparison.Ordinal)}");
        var decision = RestoreDecision.Of(writes, request.ApprovalRequired);
        var persons = await ConfirmAsync(writes, decision, cancellationToken);
        var clock = Time.GetTimestamp();
        var fence = await FenceAsync(session, cancellationToken);
        var (final, salvage) = await SalvageAsync(session, counter, own.Count, decision, cancellationToken);
        await session.DisposeAsync();
        var dropAfter = Time.GetUtcNow() + restorer.Options.KeepReplacedFor;
        var swap = await SwapAsync(dropAfter, cancellationToken);
        return new()
        {
            Backup = request.Manifest.Id,
            Database = request.Live.Database,
            Replaced = _journal.Replaced,
            DropAfter = dropAfter,
            Writes = final,
            ConfirmedBy = persons,
            Salvage = salvage.Tables.Count == 0 ? null : Salvage.Prefix(request.Environment, _journal.Stamp),
            RestoreTime = restored.Duration,
            FenceTime = fence,
            SwapTime = swap,
            Downtime = Time.GetElapsedTime(clock),
        };
    }

    private async Task<RestoredDatabase> RestoreAsync(CancellationToken cancellationToken)
    {
        await Reached(RestorePhase.Restoring, cancellationToken);
        var restored = await restorer.RestoreAsync(request.Manifest, New, null, cancellationToken);
        await new NewDatabase(server, New.Database).CommentAsync(
            $"{NewDatabase.Unfinished}restore of backup {request.Manifest.Id}",
            cancellationToken
        );
        var differences = await RestoredContent.CompareAsync(request.Manifest, restored, cancellationToken);
        if (differences.Count > 0)
        {
            throw new RestoreFailedException(
                $"what was restored is not what backup {request.Manifest.Id} must hold:\n{ContentDifference.Table(differences)}",
                $"use another backup: ./build.sh BackupList --env {request.Manifest.Environment}",
                isFaultOfBackup: true
            );
        }

        await Reached(RestorePhase.Compared, cancellationToken);
        return restored;
    }

    private async Task<IReadOnlyList<string>> ConfirmAsync(
        WritesSince writes,
        RestoreDecision decision,
        CancellationToken cancellationToken
    )
    {
        var question = new RestoreQuestion(request.Live.Database, request.Manifest.Id, decision, writes);
        var persons = decision.Persons == 0 ? [] : await Confirm(question, cancellationToken);
        if (persons.Count < decision.Persons)
        {
            throw NotConfirmed(decision, persons);
        }

        await Reached(RestorePhase.Confirmed, cancellationToken);
        return persons;
    }

    private static async Task<WritesSince> CountAsync(
        ServerSession session,
        WritesCounter counter,
        long own,
        CancellationToken cancellationToken
    )
    {
        await session.ExecuteAsync(Snapshot, cancellationToken);
        var writes = await counter.CountAsync(own, cancellationToken);
        await session.ExecuteAsync("COMMIT", cancellationToken);
        return writes;
    }

    private async Task<TimeSpan> FenceAsync(ServerSession session, CancellationToken cancellationToken)
    {
        await NoteAsync(RestorePhase.Fenced, cancellationToken);
        var us = await session.ListAsync("SELECT pg_backend_pid()", row => row.GetInt32(0), cancellationToken);
        var fence = new DatabaseFence(server, request.Live.Database, restorer.Options, _output);
        var took = await fence.RaiseAsync(us[0], cancellationToken);
        await Reached(RestorePhase.Fenced, cancellationToken);
        return took;
    }

    // Nobody writes any more: what is counted now is what there is.
    private async Task<(WritesSince Writes, Salvage Salvage)> SalvageAsync(
        ServerSession session,
        WritesCounter counter,
        long own,
        RestoreDecision decision,
        CancellationToken cancellationToken
    )
    {
        await session.ExecuteAsync(Snapshot, cancellationToken);
        var writes = await counter.CountAsync(own, cancellationToken);
        if (decision.Persons == 0 && !writes.IsZero)
        {
            throw new SlipwayException(
                $"there was nothing to lose when it was looked at, and now there is:\n{writes}",
                "stop the application, or confirm the loss in a terminal",
                ExitCode.Refused
            );
        }

        var salvage = new Salvage(request.Manifest.Id, request.Live.Database, Time.GetUtcNow(), []);
        if (writes.Tables.Any(table => table.Written > 0))
        {
            salvage = await new RowSalvage(restorer.Store, restorer.BackupOptions, _output).CopyAsync(
                session,
                counter.IsNew,
                writes,
                Salvage.Prefix(request.Environment, _journal.Stamp),
                salvage,
                cancellationToken
            );
        }

        await session.ExecuteAsync("COMMIT", cancellationToken);
        await SequenceAdvance.RunAsync(session, New, cancellationToken);
        await Reached(RestorePhase.Salvaged, cancellationToken);
        return (writes, salvage);
    }

    private async Task<TimeSpan> SwapAsync(DateTimeOffset dropAfter, CancellationToken cancellationToken)
    {
        var swap = new DatabaseSwap(server);
        await swap.DressAsync(_journal.Restored, live, cancellationToken);
        await NoteAsync(RestorePhase.Swapping, cancellationToken);
        var clock = Time.GetTimestamp();
        await swap.RunAsync(
            _journal,
            live,
            string.Create(
                CultureInfo.InvariantCulture,
                $"slipway: replaced on {Time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z by backup {request.Manifest.Id}; drop after {dropAfter:yyyy-MM-dd}"
            ),
            () => Reached(RestorePhase.Swapping, cancellationToken),
            cancellationToken
        );
        var took = Time.GetElapsedTime(clock);
        await Reached(RestorePhase.Swapped, cancellationToken);
        return took;
    }

    private Task NoteAsync(RestorePhase phase, CancellationToken cancellationToken)
    {
        _journal = _journal with { Phase = phase };
        return _journal.WriteAsync(restorer.Store, request.Environment, cancellationToken);
    }

    private static SlipwayException NotConfirmed(RestoreDecision decision, IReadOnlyList<string> persons) =>
        new(
            $"{decision.Persons} persons have to confirm it, and {persons.Count} did: {decision.Because}",
            "run it again with everybody at hand",
            ExitCode.Refused
        );
}

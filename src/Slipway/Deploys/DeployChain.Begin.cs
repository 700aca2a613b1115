using Slipway.Releases;
using Slipway.Runs;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private string RecordFolder => Path.Combine(options.Root, ".nuke", "temp", "runs", Parts.Environment.Name);

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var parts = Parts;
        var id = RunId.New(Time);
        var held = await DeployLock.AcquireAsync(
            parts.Store,
            parts.Environment.Name,
            parts.Environment.Database.Url,
            id,
            takeHeld: options.Intent is not DeployIntent.Deploy,
            Time,
            cancellationToken
        );
        var recorder = NewRecorder(id);
        _run = new(id, held, recorder);
        await recorder.AppendAsync(
            RunEvent.RunStarted,
            KeyValuePair.Create("environment", parts.Environment.Name),
            KeyValuePair.Create("release", _state.Release!.Id),
            KeyValuePair.Create("commit", _state.Release.Commit),
            KeyValuePair.Create("operator", Holder.Name),
            KeyValuePair.Create("asked", string.Join(", ", options.Asked))
        );
        Output.Line($"  run          {id}");
        if (held.TakenOver is { } lease)
        {
            await TakeOverOrGiveBackAsync(lease, cancellationToken);
        }
    }

    private RunRecorder NewRecorder(RunId id) =>
        new(RecordFolder, Parts.Store, Parts.Environment.Name, id, Redactor, Time);

    private async Task TakeOverOrGiveBackAsync(DeployLease lease, CancellationToken cancellationToken)
    {
        try
        {
            await TakeOverAsync(lease, cancellationToken);
        }
        catch
        {
            using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20), Time);
            await _run!.Lock.GiveBackAsync(bound.Token);
            throw;
        }
    }

    // A run that died left its lease, its record, and perhaps a release that never served.
    private async Task TakeOverAsync(DeployLease lease, CancellationToken cancellationToken)
    {
        var died = lease.State == DeployLease.Active;
        var record = await new RunStore(Parts.Store, Parts.Environment.Name, RecordFolder).ReadAsync(
            new(lease.Run),
            cancellationToken
        );
        if (!died || record is null)
        {
            Output.Line(
                $"  taking over from run {lease.Run}, {(died ? "which left no record" : $"held because {lease.Reason}")}"
            );
            return;
        }

        var done = record.Steps.Select(step => $"{step["step"]} {step["outcome"]}").ToList();
        Output.Line(
            $"  run {lease.Run} by {lease.Holder} did not end. It had done: {(done.Count == 0 ? "nothing" : string.Join(", ", done))}"
        );
        Output.Line($"  it was in {record.RunningStep ?? "no step"} when it died");
        var undone = await UndoDeadAsync(record, cancellationToken);
        Output.Line($"  {undone}");
        if (!record.Began("MigrateDeploy") && !record.Began("DeployApp"))
        {
            // It had touched nothing, so nothing is left to be decided when this run goes no further.
            _run!.Lock.Settle();
        }

        var ended = NewRecorder(record.Id);
        ended.Continue(record);
        await ended.AppendAsync(
            RunEvent.RunFinished,
            KeyValuePair.Create("outcome", "died"),
            KeyValuePair.Create("undone", undone),
            KeyValuePair.Create("found by", _run!.Id.Value)
        );
    }

    private async Task<string> UndoDeadAsync(RunRecord record, CancellationToken cancellationToken)
    {
        if (record.Started("release") is not { } id || !record.Began("DeployApp"))
        {
            return "its migrations, if any, are whole: each is applied with its history or not at all; this run goes on from there";
        }

        var serving = await Parts.Releaser.ObserveAsync(cancellationToken);
        if (serving.Unknown is { } why)
        {
            return options.Intent is not DeployIntent.Deploy
                ? $"nobody knows whether its release {id} serves ({why}); it was left as it is, and a person said how to go on"
                : throw new ServingUnknownException(
                    id,
                    $"run {record.Id} ended while it shipped it, and {why}",
                    $"see which release answers your users, then say how to go on: ./build.sh Resume --env {Parts.Environment.Name} (ships {_state.Release!.Id}) "
                        + $"or ./build.sh Rollback --env {Parts.Environment.Name} (the last verified release)"
                );
        }

        if (serving.Release == id)
        {
            return $"its release {id} serves and was not verified; this run goes on from there";
        }

        await Parts.Releaser.RemoveAsync(new(id, record.Started("commit") ?? id), cancellationToken);
        return $"its release {id} serves nobody and was removed; {serving.Release ?? "no release"} serves";
    }
}

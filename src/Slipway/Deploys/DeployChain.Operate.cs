using Slipway.Runs;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Does one thing apart from a deploy and keeps a record of it; what changes the database has the lock meanwhile.</summary>
    private async Task OperateAsync(
        string name,
        Func<RunId, CancellationToken, Task<StepReport>> work,
        string dryRun,
        CancellationToken cancellationToken
    )
    {
        var parts = await OpenAsync(cancellationToken);
        if (options.DryRun)
        {
            Output.Line($"  would {dryRun}");
            return;
        }

        var id = RunId.New(Time);
        var recorder = NewRecorder(id);
        await using var held = name is "Restore" or "MigrateRollback" or "Baseline" or "Resolve"
            ? await LockAsync(id, cancellationToken)
            : null;
        await recorder.AppendAsync(
            RunEvent.RunStarted,
            KeyValuePair.Create("environment", parts.Environment.Name),
            KeyValuePair.Create("operator", Holder.Name),
            KeyValuePair.Create("asked", string.Join(", ", options.Asked))
        );
        try
        {
            await RecordedAsync(recorder, name, token => work(id, token), cancellationToken);
        }
        finally
        {
            if (held is not null)
            {
                // A lock that was held for a person before is held again.
                using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20), Time);
                await held.GiveBackAsync(bound.Token);
            }
        }
    }

    private Task<DeployLock> LockAsync(RunId id, CancellationToken cancellationToken) =>
        DeployLock.AcquireAsync(
            Parts.Store,
            Parts.Environment.Name,
            Parts.Environment.Database.Url,
            id,
            takeHeld: true,
            Time,
            cancellationToken
        );

    private async Task RecordedAsync(
        RunRecorder recorder,
        string name,
        Func<CancellationToken, Task<StepReport>> work,
        CancellationToken cancellationToken
    )
    {
        var clock = Time.GetTimestamp();
        await recorder.AppendAsync(RunEvent.StepStarted, KeyValuePair.Create("step", name));
        try
        {
            var report = await work(cancellationToken);
            var duration = Time.GetElapsedTime(clock);
            await EndAsync(recorder, report.Facts(name, duration, null), "succeeded");
            Output.Line($"  {Word(report.Outcome)} {report}  ({RunOutput.Duration(duration)})");
        }
        catch (Exception exception)
        {
            var failure = Explained(name, exception);
            var stopped = cancellationToken.IsCancellationRequested;
            var outcome = stopped ? StepOutcome.Aborted : StepOutcome.Failed;
            var report = new StepReport(outcome, FirstLine(failure.Message), []);
            var facts = report.Facts(name, Time.GetElapsedTime(clock), failure);
            await EndAsync(recorder, facts, stopped ? "interrupted" : "failed");
            if (ReferenceEquals(failure, exception))
            {
                throw;
            }

            throw failure;
        }
    }

    private async Task EndAsync(RunRecorder recorder, IReadOnlyList<KeyValuePair<string, string>> facts, string outcome)
    {
        await recorder.AppendAsync(RunEvent.StepFinished, facts);
        await recorder.AppendAsync(RunEvent.RunFinished, KeyValuePair.Create("outcome", outcome));
        Output.Line($"  Record  {recorder.Path}");
    }
}

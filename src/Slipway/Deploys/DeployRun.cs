using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

/// <summary>A run that has begun: it has the lock and writes its record.</summary>
internal sealed class DeployRun(RunId id, DeployLock held, RunRecorder recorder) : IAsyncDisposable
{
    public RunId Id => id;

    public DeployLock Lock => held;

    public RunRecorder Recorder => recorder;

    public Task StepStartedAsync(string name) =>
        recorder.AppendAsync(RunEvent.StepStarted, KeyValuePair.Create("step", name));

    public Task StepFinishedAsync(string name, StepReport report, TimeSpan duration, Exception? failure)
    {
        List<KeyValuePair<string, string>> facts =
        [
            new("step", name),
            new("outcome", $"{report.Outcome}"),
            new("duration", RunOutput.Duration(duration)),
            new("summary", report.Summary),
            .. report.Evidence,
        ];
        if (failure is not null)
        {
            facts.Add(new("error", failure.Message));
            facts.Add(new("hint", (failure as SlipwayException)?.Hint ?? ""));
        }

        return recorder.AppendAsync(RunEvent.StepFinished, facts);
    }

    public ValueTask DisposeAsync() => held.DisposeAsync();
}

using Slipway.Runs;

namespace Slipway.Deploys;

/// <summary>A run that has begun: it has the lock and writes its record.</summary>
internal sealed class DeployRun(RunId id, DeployLock held, RunRecorder recorder) : IAsyncDisposable
{
    public RunId Id => id;

    public DeployLock Lock => held;

    public RunRecorder Recorder => recorder;

    public Task StepStartedAsync(string name) =>
        recorder.AppendAsync(RunEvent.StepStarted, KeyValuePair.Create("step", name));

    public Task StepFinishedAsync(string name, StepReport report, TimeSpan duration, Exception? failure) =>
        recorder.AppendAsync(RunEvent.StepFinished, report.Facts(name, duration, failure));

    public ValueTask DisposeAsync() => held.DisposeAsync();
}

using Slipway.Health;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Starts and stops the processes of releases.</summary>
/// <param name="environment">What they are started with.</param>
/// <param name="folder">Where they are and what is known of them.</param>
/// <param name="proxy">Knows which requests they still work on.</param>
/// <param name="http">Asks them for their health.</param>
/// <param name="output">What a person sees.</param>
internal sealed class ReleaseProcesses(
    DeploymentEnvironment environment,
    ReleaseFolder folder,
    ReleaseProxy proxy,
    HttpMessageHandler http,
    RunOutput output
)
{
    /// <summary>The process of a release while it runs.</summary>
    public RunningRelease? Alive(string id) => folder.Running(id) is { Process.IsAlive: true } running ? running : null;

    /// <summary>Starts a release on a free port and waits until it answers its health probe with its own version.</summary>
    /// <exception cref="UnhealthyException">It does not, or ends; its last lines are with it.</exception>
    public async Task<RunningRelease> StartAsync(string id, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder.Files(id)))
        {
            throw new SlipwayException(
                $"The files of release {id} are gone: {folder.Files(id)}",
                "check its commit out and deploy it again"
            );
        }

        var running = Start(id);
        output.Line($"  {id} started at {running.Address}, asking {environment.Health.Path}");
        await WithWordsAsync(
            running,
            (probe, died) => probe.WaitAsync(running.Address, environment.Health, id, died, cancellationToken)
        );
        return running;
    }

    /// <summary>Waits until a release that was started says that it reaches its database.</summary>
    /// <exception cref="UnhealthyException">It does not, or ends; its last lines are with it.</exception>
    public async Task ProbeDatabaseAsync(RunningRelease running, CancellationToken cancellationToken)
    {
        if (environment.Health.DatabasePath.Length > 0)
        {
            await WithWordsAsync(
                running,
                (probe, died) =>
                    probe.ProbeDatabaseAsync(running.Address, environment.Health, null, died, cancellationToken)
            );
        }
    }

    /// <summary>Lets a release finish its requests and stops it; killed when it takes longer than the drain timeout.</summary>
    public async Task StopAsync(string id, CancellationToken cancellationToken)
    {
        if (folder.Running(id) is null)
        {
            return;
        }

        if (Alive(id) is { } running)
        {
            await DrainAsync(running, cancellationToken);
            var patience = environment.Release.DrainTimeout;
            if (!await running.Process!.EndAsync(patience, output.Time, cancellationToken))
            {
                output.Warn($"release {id} did not stop within {patience.TotalSeconds:0} s and was killed");
            }
        }

        folder.Forget(id);
    }

    private async Task WithWordsAsync(
        RunningRelease running,
        Func<HealthProbe, Func<string?>, Task<HealthResult>> probe
    )
    {
        try
        {
            await probe(
                new HealthProbe(http, output.Time, output),
                () => running.Process is { IsAlive: true } ? null : "its process ended"
            );
        }
        catch (UnhealthyException exception)
        {
            throw exception.WithLog(folder.LastWords(running.Id, 10), folder.Log(running.Id));
        }
    }

    private RunningRelease Start(string id)
    {
        var port = LoopbackPort.Free();
        var command = ReleaseCommand.Of(environment, id, folder.Files(id), port, environment.Verify.Log);
        var running = new RunningRelease(id, port, null, NeverRouted: true);
        folder.Note(running);
        running = running with { Process = folder.Start(id, command) };
        folder.Note(running);
        return running;
    }

    private async Task DrainAsync(RunningRelease running, CancellationToken cancellationToken)
    {
        var (started, patience) = (output.Time.GetTimestamp(), environment.Release.DrainTimeout);
        var address = running.Address.GetLeftPart(UriPartial.Authority);
        while (
            await proxy.AskAsync(cancellationToken) is { ActiveRequests: { } active }
            && active.GetValueOrDefault(address) > 0
        )
        {
            if (output.Time.GetElapsedTime(started) > patience)
            {
                output.Warn(
                    $"release {running.Id} still has {active[address]} requests after {patience.TotalSeconds:0} s; they are cut off"
                );
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), output.Time, cancellationToken);
        }
    }
}

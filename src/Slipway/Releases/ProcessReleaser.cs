using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Runs releases as processes behind a proxy on loopback: the new one beside the old, then one switch.</summary>
public sealed class ProcessReleaser : Releaser
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DeploymentEnvironment _environment;
    private readonly IProcessRunner _runner;
    private readonly RunOutput _output;
    private readonly ReleaseFolder _folder;
    private readonly ReleaseProxy _proxy;
    private readonly ReleaseProcesses _processes;
    private readonly ReleaseTrial _trial;

    /// <summary>Makes one.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="proxy">The command that starts the proxy.</param>
    /// <param name="runner">Runs the build.</param>
    /// <param name="http">Asks proxy and releases.</param>
    /// <param name="output">What a person sees.</param>
    public ProcessReleaser(
        DeploymentEnvironment environment,
        IReadOnlyList<string> proxy,
        IProcessRunner runner,
        HttpMessageHandler http,
        RunOutput output
    )
    {
        (_environment, _runner, _output) = (environment, runner, output);
        _folder = new(environment.Release.Folder);
        _proxy = new(_folder, environment.Release.Port, proxy, http, output.Time);
        _processes = new(environment, _folder, _proxy, http, output);
        _trial = new(environment, _folder, http, output);
    }

    /// <inheritdoc />
    public override Uri BaseUrl => _proxy.Address;

    /// <inheritdoc />
    public override bool CanSwitchBack => true;

    /// <inheritdoc />
    public override async Task PrepareAsync(Release release, Release? previous, CancellationToken cancellationToken)
    {
        await KeepIfServingAsync(release.Id, cancellationToken);
        _proxy.CheckPort();
        if (!Directory.Exists(_folder.Files(release.Id)))
        {
            await BuildAsync(release.Id, cancellationToken);
        }

        await _processes.StopAsync(release.Id, cancellationToken);
        var running = await _processes.StartAsync(release.Id, cancellationToken);
        await _processes.ProbeDatabaseAsync(running, cancellationToken);

        // Here nothing is lost yet when it does not start.
        await _proxy.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override async Task SwitchAsync(Release release, Release? previous, CancellationToken cancellationToken) =>
        await RouteAsync(
            _processes.Alive(release.Id)
                ?? throw new SlipwayException(
                    $"Release {release.Id} ended between its health check and the switch: {string.Join(" | ", LastWords(release.Id, 3))}",
                    "see why in its log, then deploy it again"
                ),
            cancellationToken
        );

    /// <inheritdoc />
    public override async Task SwitchBackAsync(Release failed, Release previous, CancellationToken cancellationToken) =>
        await RouteAsync(
            _processes.Alive(previous.Id) ?? await _processes.StartAsync(previous.Id, cancellationToken),
            cancellationToken
        );

    /// <inheritdoc />
    public override async Task RemoveAsync(Release release, CancellationToken cancellationToken)
    {
        await KeepIfServingAsync(release.Id, cancellationToken);
        await _processes.StopAsync(release.Id, cancellationToken);
        _folder.Remove(release.Id);
    }

    /// <inheritdoc />
    public override async Task RetireAsync(
        IReadOnlyList<ReleaseEntry> entries,
        string live,
        CancellationToken cancellationToken
    )
    {
        foreach (var id in _folder.Started.Where(id => id != live))
        {
            await _processes.StopAsync(id, cancellationToken);
        }

        _folder.KeepOnly(
            entries
                .Where(entry => entry.State == ReleaseState.Verified)
                .Select(entry => entry.Id)
                .TakeLast(Math.Max(2, _environment.Release.Keep))
                .Append(live)
                .ToHashSet(StringComparer.Ordinal)
        );
    }

    /// <inheritdoc />
    public override Task<TrialReport> TryAsync(
        Release release,
        DatabaseUrl copy,
        CancellationToken cancellationToken
    ) => _trial.RunAsync(release, copy, cancellationToken);

    /// <inheritdoc />
    public override async Task<Serving> ObserveAsync(CancellationToken cancellationToken)
    {
        var (upstream, problem) = await _proxy.ObservePatientlyAsync(cancellationToken);
        return problem is not null ? Serving.NotKnown(problem)
            : upstream is not null && _processes.Alive(upstream.Release) is { } running ? Serving.By(running.Id)
            : Serving.None;
    }

    /// <inheritdoc />
    public override string? OutputFile(string release) => _folder.Log(release);

    /// <inheritdoc />
    public override IReadOnlyList<string> LastWords(string release, int lines) => _folder.LastWords(release, lines);

    /// <summary>The releases in a folder, and the proxy, that run now.</summary>
    public static IReadOnlyList<string> Running(string folder)
    {
        var releases = new ReleaseFolder(folder);
        IEnumerable<string> proxy = releases.Proxy is { Process.IsAlive: true } ? ["the proxy"] : [];
        var started = releases.Started.Where(id => releases.Running(id) is { Process.IsAlive: true });
        return [.. proxy, .. started.Select(id => $"release {id}")];
    }

    /// <summary>Stops the proxy in a folder, then every release.</summary>
    public static async Task StopAllAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var releases = new ReleaseFolder(folder);
        IEnumerable<ProcessIdentity?> all =
        [
            releases.Proxy?.Process,
            .. releases.Started.Select(id => releases.Running(id)?.Process),
        ];
        foreach (var process in all.OfType<ProcessIdentity>())
        {
            await process.EndAsync(Patience, time, cancellationToken);
        }

        releases.Started.ToList().ForEach(releases.Forget);
    }

    // What runs and may serve is neither stopped nor removed, whatever the caller believes.
    private async Task KeepIfServingAsync(string id, CancellationToken cancellationToken)
    {
        if (_processes.Alive(id) is not { NeverRouted: false } running)
        {
            return;
        }

        var serving = await ObserveAsync(cancellationToken);
        if (serving.MayBe(id))
        {
            throw new ServingUnknownException(
                id,
                serving.Unknown ?? "the proxy sends users to it",
                $"see who answers: curl -i {_proxy.Address} (users) and curl -i {new Uri(running.Address, _environment.Health.Path)} (the release); "
                    + $"the proxy's own words are in {_folder.Log("proxy")}"
            );
        }
    }

    private async Task RouteAsync(RunningRelease running, CancellationToken cancellationToken)
    {
        await _proxy.RouteAsync(running, cancellationToken);
        _folder.PointCurrent(running.Id);
    }

    private async Task BuildAsync(string id, CancellationToken cancellationToken)
    {
        var part = _folder.BeginBuild(id);
        var words = Placeholders.Fill(
            _environment.Release.Build,
            ("folder", part),
            ("release", id),
            ("environment", _environment.Name)
        );
        var command = new Command(words[0], [.. words.Skip(1)])
        {
            Folder = _environment.Root,
            Variables = _environment.Variables,
            Timeout = _environment.Release.Timeout,
        };
        _output.Line($"  building {id}: {command}");
        var result = await _runner.RunAsync(command, line => _output.Raw($"  {line}"), cancellationToken);
        if (result.ExitCode != 0 || !Directory.Exists(part))
        {
            _folder.Remove(id);
            throw new CommandFailedException(
                command,
                result,
                result.ExitCode == 0
                    ? $"made no folder {part}"
                    : $"ended with exit code {result.ExitCode}: {result.Error}",
                "mend the build; the live release was not touched"
            );
        }

        _folder.EndBuild(id);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Slipway.Health;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Runs releases as processes behind a proxy on loopback: the new one beside the old, then one switch.</summary>
/// <param name="environment">The environment.</param>
/// <param name="proxy">The command that starts the proxy.</param>
/// <param name="processes">Starts programs.</param>
/// <param name="http">Asks proxy and releases.</param>
/// <param name="output">What a person sees.</param>
public sealed class ProcessReleaser(
    DeploymentEnvironment environment,
    IReadOnlyList<string> proxy,
    IProcessRunner processes,
    HttpMessageHandler http,
    RunOutput output
) : Releaser
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <inheritdoc />
    public override Uri BaseUrl => new($"http://127.0.0.1:{ReadProxy()?.Port ?? Settings.Port}");

    /// <inheritdoc />
    public override bool CanSwitchBack => true;

    private ReleaseSettings Settings => environment.Release;

    private string Releases => Path.Combine(Settings.Folder, "releases");

    private string Shared => Path.Combine(Settings.Folder, "shared");

    private string Current => Path.Combine(Settings.Folder, "current");

    private string State => Path.Combine(Settings.Folder, "state");

    private string UpstreamFile => Path.Combine(State, "upstream.json");

    /// <inheritdoc />
    public override async Task PrepareAsync(Release release, Release? previous, CancellationToken cancellationToken)
    {
        await BuildAsync(release, cancellationToken);
        if (ReadRunning(release.Id) is { Process.IsAlive: true } left)
        {
            await EndAsync(left.Process, Patience, cancellationToken);
        }

        var running = Start(release.Id);
        output.Line($"  {release.Id} started at {running.Address}, asking {environment.Health.Path}");
        try
        {
            await new HealthProbe(http, output.Time, output).WaitAsync(
                running.Address,
                environment.Health,
                release.Id,
                () => running.Process.IsAlive ? null : "its process ended",
                cancellationToken
            );
        }
        catch (UnhealthyException exception)
        {
            throw exception.WithLog(LastWords(release.Id, 10));
        }
    }

    /// <inheritdoc />
    public override async Task SwitchAsync(Release release, Release? previous, CancellationToken cancellationToken)
    {
        var running =
            ReadRunning(release.Id)
            ?? throw new SlipwayException($"Release {release.Id} was not prepared", "deploy it again");
        await RouteAsync(running, cancellationToken);
        PointCurrent(release.Id);
    }

    /// <inheritdoc />
    public override async Task SwitchBackAsync(Release failed, Release previous, CancellationToken cancellationToken)
    {
        var running = ReadRunning(previous.Id);
        if (running is not { Process.IsAlive: true })
        {
            running = Start(previous.Id);
            await new HealthProbe(http, output.Time, output).WaitAsync(
                running.Address,
                environment.Health,
                previous.Id,
                () => running.Process.IsAlive ? null : "its process ended",
                cancellationToken
            );
        }

        await RouteAsync(running, cancellationToken);
        PointCurrent(previous.Id);
    }

    /// <inheritdoc />
    public override async Task RemoveAsync(Release release, CancellationToken cancellationToken)
    {
        await StopAsync(release.Id, cancellationToken);
        DeleteFolder(Path.Combine(Releases, release.Id));
        DeleteFolder(Path.Combine(Releases, $"{release.Id}.part"));
    }

    /// <inheritdoc />
    public override async Task RetireAsync(
        IReadOnlyList<ReleaseEntry> entries,
        string live,
        CancellationToken cancellationToken
    )
    {
        foreach (var id in Started().Where(id => id != live))
        {
            await StopAsync(id, cancellationToken);
        }

        var kept = entries
            .Where(entry => entry.State == ReleaseState.Verified)
            .Select(entry => entry.Id)
            .TakeLast(Math.Max(2, Settings.Keep))
            .Append(live)
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var folder in Directory.EnumerateDirectories(Releases).Where(path => !kept.Contains(Path.GetFileName(path)))
        )
        {
            DeleteFolder(folder);
        }
    }

    /// <inheritdoc />
    public override async Task<string?> ServingAsync(CancellationToken cancellationToken) =>
        (await AskProxyAsync(cancellationToken)) is { } upstream
        && ReadRunning(upstream.Release) is { Process.IsAlive: true }
            ? upstream.Release
            : null;

    /// <inheritdoc />
    public override IReadOnlyList<string> LastWords(string release, int lines) =>
        File.Exists(LogOf(release)) ? [.. File.ReadLines(LogOf(release)).TakeLast(lines)] : [];

    /// <summary>Stops every release and the proxy.</summary>
    public async Task StopAllAsync(CancellationToken cancellationToken)
    {
        if (ReadProxy() is { } running)
        {
            await EndAsync(running.Process, Patience, cancellationToken);
        }

        foreach (var id in Started())
        {
            await StopAsync(id, cancellationToken);
        }
    }

    private async Task BuildAsync(Release release, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Releases, release.Id);
        if (Directory.Exists(folder))
        {
            return;
        }

        var part = $"{folder}.part";
        DeleteFolder(part);
        Directory.CreateDirectory(Releases);
        var words = Settings.Build.Select(word => Fill(word, release.Id, part)).ToList();
        var command = new Command(words[0], words[1..])
        {
            Folder = environment.Root,
            Variables = environment.Variables,
            Timeout = Settings.Timeout,
        };
        output.Line($"  building {release.Id}: {command}");
        var result = await processes.RunAsync(command, line => output.Line($"  {line}"), cancellationToken);
        if (result.ExitCode != 0 || !Directory.Exists(part))
        {
            DeleteFolder(part);
            throw new CommandFailedException(
                command,
                result,
                result.ExitCode == 0
                    ? $"made no folder {part}"
                    : $"ended with exit code {result.ExitCode}: {result.Error}",
                "mend the build; the live release was not touched"
            );
        }

        Directory.Move(part, folder);
    }

    private RunningRelease Start(string id)
    {
        var folder = Path.Combine(Releases, id);
        var port = FreePort();
        var variables = new Dictionary<string, Secret>(environment.Variables)
        {
            ["PORT"] = new($"{port}"),
            ["APP_VERSION"] = new(id),
        };
        if (environment.Verify.Log is { } log)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(log)!);
            variables["LOG_FILE"] = new(log);
        }

        var words = Settings.Start.Select(word => Fill(word, id, folder)).ToList();
        var command = new Command(words[0], words[1..]) { Folder = folder, Variables = variables };
        var process = Detach(command, LogOf(id));
        var running = new RunningRelease(id, port, process);
        Write(RunningFile(id), JsonSerializer.Serialize(running, ReleaseJson.Default.RunningRelease));
        return running;
    }

    // One rename is the switch; it counts once the proxy says so.
    private async Task RouteAsync(RunningRelease running, CancellationToken cancellationToken)
    {
        var upstream = new ProxyUpstream($"http://127.0.0.1:{running.Port}", running.Id);
        Write(UpstreamFile, JsonSerializer.Serialize(upstream, ReleaseJson.Default.ProxyUpstream));
        EnsureProxy();
        var started = output.Time.GetTimestamp();
        while (await AskProxyAsync(cancellationToken) is not { } answer || answer.Upstream != upstream.Upstream)
        {
            if (output.Time.GetElapsedTime(started) > Patience)
            {
                throw new SlipwayException(
                    $"The proxy at {BaseUrl} did not take over release {running.Id} within {Patience.TotalSeconds} s",
                    $"look at {Path.Combine(Shared, "log", "proxy.out")}"
                );
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), output.Time, cancellationToken);
        }
    }

    private void EnsureProxy()
    {
        var known = ReadProxy();
        if (known is { Process.IsAlive: true })
        {
            return;
        }

        var port = Settings.Port > 0 ? Settings.Port : known?.Port ?? FreePort();
        var command = Command.Of(
            proxy[0],
            [.. proxy.Skip(1), "--listen", $"127.0.0.1:{port}", "--state", UpstreamFile]
        );
        var process = Detach(command, Path.Combine(Shared, "log", "proxy.out"));
        Write(
            Path.Combine(State, "proxy.json"),
            JsonSerializer.Serialize(new RunningProxy(port, process), ReleaseJson.Default.RunningProxy)
        );
    }

    private async Task<ProxyUpstream?> AskProxyAsync(CancellationToken cancellationToken)
    {
        if (ReadProxy() is not { Process.IsAlive: true })
        {
            return null;
        }

        using var client = new HttpClient(http, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            return await client.GetFromJsonAsync(
                new Uri(BaseUrl, "/.slipway/upstream"),
                ReleaseJson.Default.ProxyUpstream,
                cancellationToken
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return null;
        }
    }

    private async Task StopAsync(string id, CancellationToken cancellationToken)
    {
        if (ReadRunning(id) is not { } running)
        {
            return;
        }

        if (running.Process.IsAlive)
        {
            await DrainAsync(running, cancellationToken);
            if (!await EndAsync(running.Process, Settings.DrainTimeout, cancellationToken))
            {
                output.Warn(
                    $"release {id} did not stop within {Settings.DrainTimeout.TotalSeconds:0} s and was killed"
                );
            }
        }

        File.Delete(RunningFile(id));
    }

    // Asked first, killed when it takes too long; false tells of the kill.
    private async Task<bool> EndAsync(ProcessIdentity process, TimeSpan patience, CancellationToken cancellationToken)
    {
        process.Terminate();
        if (await process.WaitForExitAsync(patience, output.Time, cancellationToken))
        {
            return true;
        }

        process.Kill();
        await process.WaitForExitAsync(Patience, output.Time, cancellationToken);
        return false;
    }

    private static ProcessIdentity Detach(Command command, string log)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        using var process = DetachedProcess.Start(command, log, $"{log}.pid");
        return process.Identity;
    }

    private async Task DrainAsync(RunningRelease running, CancellationToken cancellationToken)
    {
        var started = output.Time.GetTimestamp();
        while (
            await AskProxyAsync(cancellationToken) is { ActiveRequests: { } active }
            && active.GetValueOrDefault($"http://127.0.0.1:{running.Port}") > 0
        )
        {
            if (output.Time.GetElapsedTime(started) > Settings.DrainTimeout)
            {
                output.Warn(
                    $"release {running.Id} still has requests after {Settings.DrainTimeout.TotalSeconds:0} s; they are cut off"
                );
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), output.Time, cancellationToken);
        }
    }

    private void PointCurrent(string id) => SymbolicLink.Point(Current, Path.Combine("releases", id));

    private string Fill(string word, string id, string folder) =>
        word.Replace("{folder}", folder, StringComparison.Ordinal)
            .Replace("{release}", id, StringComparison.Ordinal)
            .Replace("{environment}", environment.Name, StringComparison.Ordinal);

    private IReadOnlyList<string> Started() =>
        Directory.Exists(State)
            ?
            [
                .. Directory
                    .EnumerateFiles(State, "release-*.json")
                    .Select(file => Path.GetFileNameWithoutExtension(file)["release-".Length..]),
            ]
            : [];

    private string LogOf(string id) => Path.Combine(Shared, "log", $"{id}.out");

    private string RunningFile(string id) => Path.Combine(State, $"release-{id}.json");

    private RunningRelease? ReadRunning(string id) =>
        File.Exists(RunningFile(id))
            ? JsonSerializer.Deserialize(File.ReadAllText(RunningFile(id)), ReleaseJson.Default.RunningRelease)
            : null;

    private RunningProxy? ReadProxy()
    {
        var file = Path.Combine(State, "proxy.json");
        return File.Exists(file)
            ? JsonSerializer.Deserialize(File.ReadAllText(file), ReleaseJson.Default.RunningProxy)
            : null;
    }

    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText($"{file}.part", text);
        File.Move($"{file}.part", file, overwrite: true);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

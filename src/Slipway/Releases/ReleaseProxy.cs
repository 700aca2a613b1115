using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>The proxy on loopback that users are connected to; it forwards to the release that serves.</summary>
/// <param name="folder">Where its state is.</param>
/// <param name="fixedPort">Its port; 0 takes a free one, and keeps it.</param>
/// <param name="start">The command that starts it.</param>
/// <param name="http">Asks it.</param>
/// <param name="time">Waits.</param>
internal sealed class ReleaseProxy(
    ReleaseFolder folder,
    int fixedPort,
    IReadOnlyList<string> start,
    HttpMessageHandler http,
    TimeProvider time
)
{
    private const int Attempts = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"http://127.0.0.1:{folder.Proxy?.Port ?? fixedPort}");

    /// <summary>Refuses a port that another program has.</summary>
    /// <exception cref="SlipwayException">It has; who it is, is said where it can be seen.</exception>
    public void CheckPort()
    {
        if (fixedPort > 0 && folder.Proxy is not { Process.IsAlive: true } && !LoopbackPort.IsFree(fixedPort))
        {
            throw PortTaken(fixedPort);
        }
    }

    /// <summary>Starts it when it does not run, and waits until it listens.</summary>
    /// <exception cref="SlipwayException">It ends, or does not listen in time.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        CheckPort();
        EnsureStarted();
        var started = time.GetTimestamp();
        while ((await ObserveAsync(cancellationToken)).Problem is { } problem)
        {
            if (folder.Proxy is not { Process.IsAlive: true } || time.GetElapsedTime(started) > Patience)
            {
                throw folder.Proxy is { Process.IsAlive: false } dead && !LoopbackPort.IsFree(dead.Port)
                    ? PortTaken(dead.Port)
                    : new SlipwayException(
                        $"The proxy at {Address} did not start: {LastWord() ?? problem}",
                        $"look at {folder.Log("proxy")}, then deploy again"
                    );
            }

            await Task.Delay(Glance, time, cancellationToken);
        }
    }

    /// <summary>Sends the traffic to a release; done when the proxy itself says so.</summary>
    /// <exception cref="SlipwayException">The proxy does not start, or does not take it over in time.</exception>
    public async Task RouteAsync(RunningRelease running, CancellationToken cancellationToken)
    {
        var upstream = new ProxyUpstream(running.Address.GetLeftPart(UriPartial.Authority), running.Id);
        folder.Note(running with { NeverRouted = false });
        folder.Route(upstream);
        EnsureStarted();
        var started = time.GetTimestamp();
        while (await AskAsync(cancellationToken) is not { } answer || answer.Upstream != upstream.Upstream)
        {
            if (folder.Proxy is not { Process.IsAlive: true } || time.GetElapsedTime(started) > Patience)
            {
                throw new SlipwayException(
                    $"The proxy at {Address} did not take over release {running.Id}: {LastWord() ?? "it printed nothing"}",
                    $"look at {folder.Log("proxy")}, then deploy again"
                );
            }

            await Task.Delay(Glance, time, cancellationToken);
        }
    }

    /// <summary>What the proxy says it does; null when it does not run, sends nobody anywhere, or does not say.</summary>
    public async Task<ProxyUpstream?> AskAsync(CancellationToken cancellationToken) =>
        (await ObserveAsync(cancellationToken)).Upstream;

    /// <summary>What the proxy says it does, asked again for a while when it does not say.</summary>
    /// <returns>The problem is null when it does not run or says that it sends nobody anywhere; then there is no upstream either.</returns>
    public async Task<(ProxyUpstream? Upstream, string? Problem)> ObservePatientlyAsync(
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var seen = await ObserveAsync(cancellationToken);
            if (seen.Problem is null || folder.Proxy is not { Process.IsAlive: true } proxy)
            {
                return (seen.Upstream, null);
            }

            if (attempt == Attempts)
            {
                return (null, $"the proxy at {Address}, process {proxy.Process.Id}, does not say ({seen.Problem})");
            }

            await Task.Delay(BetweenAttempts, time, cancellationToken);
        }
    }

    private async Task<(ProxyUpstream? Upstream, string? Problem)> ObserveAsync(CancellationToken cancellationToken)
    {
        if (folder.Proxy is not { Process.IsAlive: true })
        {
            return (null, "it does not run");
        }

        using var client = new HttpClient(http, disposeHandler: false) { Timeout = AnswerTimeout };
        try
        {
            using var answer = await client.GetAsync(new Uri(Address, "/.slipway/upstream"), cancellationToken);
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                return (null, null);
            }

            answer.EnsureSuccessStatusCode();
            var upstream = await answer.Content.ReadFromJsonAsync(ReleaseJson.Default.ProxyUpstream, cancellationToken);
            return (upstream, upstream is null ? "its answer is empty" : null);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return (null, exception.InnerException?.Message ?? exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"it did not answer within {AnswerTimeout.TotalSeconds:0} s");
        }
    }

    private string? LastWord() => folder.LastWords("proxy", 1).FirstOrDefault(line => line.Trim().Length > 0);

    private static SlipwayException PortTaken(int port) =>
        new(
            $"The proxy cannot listen on 127.0.0.1:{port}: the port is taken by {PortHolder.Of(port)}",
            "stop that program, or give the proxy another port: release.port in the environment file"
        );

    private void EnsureStarted()
    {
        var known = folder.Proxy;
        if (known is { Process.IsAlive: true })
        {
            return;
        }

        var port =
            fixedPort > 0 ? fixedPort
            : known is not null && LoopbackPort.IsFree(known.Port) ? known.Port
            : LoopbackPort.Free();
        var command = Command.Of(
            start[0],
            [.. start.Skip(1), "--listen", $"127.0.0.1:{port}", "--state", folder.UpstreamFile]
        );
        folder.Proxy = new(port, null);
        folder.Proxy = new(port, folder.Start("proxy", command));
    }
}

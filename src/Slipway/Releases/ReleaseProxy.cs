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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"http://127.0.0.1:{folder.Proxy?.Port ?? fixedPort}");

    /// <summary>Sends the traffic to a release; done when the proxy itself says so.</summary>
    /// <exception cref="SlipwayException">The proxy does not start, or does not take it over in time.</exception>
    public async Task RouteAsync(RunningRelease running, CancellationToken cancellationToken)
    {
        var upstream = new ProxyUpstream(running.Address.GetLeftPart(UriPartial.Authority), running.Id);
        folder.Route(upstream);
        EnsureStarted();
        var started = time.GetTimestamp();
        while (await AskAsync(cancellationToken) is not { } answer || answer.Upstream != upstream.Upstream)
        {
            if (folder.Proxy is not { Process.IsAlive: true } || time.GetElapsedTime(started) > Patience)
            {
                var why = folder.LastWords("proxy", 3).DefaultIfEmpty("it printed nothing");
                throw new SlipwayException(
                    $"The proxy at {Address} did not take over release {running.Id}: {string.Join(" | ", why)}",
                    $"look at {folder.Log("proxy")}; when another program has the port, set release.port"
                );
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), time, cancellationToken);
        }
    }

    /// <summary>What the proxy says it does; null when it does not run.</summary>
    public async Task<ProxyUpstream?> AskAsync(CancellationToken cancellationToken)
    {
        if (folder.Proxy is not { Process.IsAlive: true })
        {
            return null;
        }

        using var client = new HttpClient(http, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            return await client.GetFromJsonAsync(
                new Uri(Address, "/.slipway/upstream"),
                ReleaseJson.Default.ProxyUpstream,
                cancellationToken
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return null;
        }
    }

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

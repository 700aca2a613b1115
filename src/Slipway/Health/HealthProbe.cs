using System.Text;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Health;

/// <summary>Asks an application over HTTP whether it is healthy, until it is or the time is over.</summary>
/// <param name="handler">What requests go through; see <see cref="DirectHttp.CreateHandler"/>.</param>
/// <param name="time">The clock.</param>
/// <param name="output">Shows what is waited for, and why.</param>
public sealed class HealthProbe(HttpMessageHandler handler, TimeProvider time, RunOutput output)
{
    private const int LargestBody = 64 * 1024;
    private const int MostRedirects = 5;

    /// <summary>Waits until the health path answers as it must.</summary>
    /// <param name="baseUrl">Where the application listens.</param>
    /// <param name="settings">Paths and timeouts.</param>
    /// <param name="expectedVersion">The release that must answer; null for any.</param>
    /// <param name="died">Says why waiting is in vain, or null; asked after every probe that failed.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="UnhealthyException">It did not become healthy in time, cannot any more, or redirects to another host.</exception>
    public Task<HealthResult> WaitAsync(
        Uri baseUrl,
        HealthSettings settings,
        string? expectedVersion,
        Func<string?>? died,
        CancellationToken cancellationToken
    ) =>
        PollAsync(
            new Uri(baseUrl, settings.Path),
            settings,
            new ProbeExpectation(settings.VersionProperty, expectedVersion),
            died,
            cancellationToken
        );

    /// <summary>Waits until the database path answers with a good status.</summary>
    /// <param name="baseUrl">Where the application listens.</param>
    /// <param name="settings">Paths and timeouts.</param>
    /// <param name="newestMigration">What the answer's <c>migration</c> must be, if it has one; null for any.</param>
    /// <param name="died">Says why waiting is in vain, or null; asked after every probe that failed.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="UnhealthyException">The application does not reach the database it should.</exception>
    public Task<HealthResult> ProbeDatabaseAsync(
        Uri baseUrl,
        HealthSettings settings,
        string? newestMigration,
        Func<string?>? died,
        CancellationToken cancellationToken
    ) =>
        PollAsync(
            new Uri(baseUrl, settings.DatabasePath),
            settings,
            new ProbeExpectation("", null, StatusRequired: true, newestMigration),
            died,
            cancellationToken
        );

    /// <summary>Asks once who answers.</summary>
    internal async Task<ProbeVerdict> AskAsync(Uri url, HealthSettings settings, CancellationToken cancellationToken)
    {
        using var client = new HttpMessageInvoker(handler, disposeHandler: false);
        var reply = await SendAsync(client, url, settings.RequestTimeout, cancellationToken);
        return ProbeJudge.Judge(reply, new(settings.VersionProperty, null));
    }

    private async Task<HealthResult> PollAsync(
        Uri url,
        HealthSettings settings,
        ProbeExpectation expected,
        Func<string?>? died,
        CancellationToken cancellationToken
    )
    {
        using var client = new HttpMessageInvoker(handler, disposeHandler: false);
        var started = time.GetTimestamp();
        HealthAnswer? last = null;
        using var wait = output.Wait($"waiting for {url}", settings.Timeout);
        for (var probes = 1; ; probes++)
        {
            var reply = await SendAsync(client, url, settings.RequestTimeout, cancellationToken);
            var verdict = ProbeJudge.Judge(reply, expected);
            if (reply.StatusCode > 0)
            {
                var body = HealthAnswer.Excerpt(reply.Body);
                last = new(reply.StatusCode, reply.ContentType, body, reply.Latency, verdict.Version);
            }

            var elapsed = time.GetElapsedTime(started);
            if (verdict.Reason is not { } reason)
            {
                return new(url, last!, probes, elapsed);
            }

            var death = died?.Invoke();
            if (death is not null || verdict.Final || elapsed + settings.Interval >= settings.Timeout)
            {
                throw new UnhealthyException(url, death ?? reason, last, probes, elapsed, hasEnded: death is not null);
            }

            wait.Report(reason);
            await Task.Delay(settings.Interval, time, cancellationToken);
        }
    }

    private async Task<ProbeReply> SendAsync(
        HttpMessageInvoker client,
        Uri url,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await FollowAsync(client, url, started, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Nothing($"it did not answer within {RunOutput.Duration(limit)}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Nothing(exception.InnerException?.Message ?? exception.Message);
        }

        ProbeReply Nothing(string problem) => new(0, null, "", time.GetElapsedTime(started), problem);
    }

    private async Task<ProbeReply> FollowAsync(
        HttpMessageInvoker client,
        Uri url,
        long started,
        CancellationToken cancellationToken
    )
    {
        var next = url;
        for (var hops = 0; hops <= MostRedirects; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await client.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
            {
                return await ReadAsync(response, started, cancellationToken);
            }

            if (response.Headers.Location is not { } location)
            {
                return Redirected("it redirects without saying where to", response, started, final: false);
            }

            next = new Uri(next, location);
            if (!SameHost(url, next))
            {
                return Redirected($"it redirects to another host: {next}", response, started, final: true);
            }
        }

        return new(0, null, "", time.GetElapsedTime(started), $"it redirects more than {MostRedirects} times");
    }

    private ProbeReply Redirected(string problem, HttpResponseMessage response, long started, bool final) =>
        new((int)response.StatusCode, MediaType(response), "", time.GetElapsedTime(started), problem, final);

    private async Task<ProbeReply> ReadAsync(
        HttpResponseMessage response,
        long started,
        CancellationToken cancellationToken
    )
    {
        var status = (int)response.StatusCode;
        var bytes = await DirectHttp.ReadAsync(response.Content, LargestBody, cancellationToken);
        var body = bytes is null ? "" : Encoding.UTF8.GetString(bytes);
        var problem = bytes is null ? $"its answer is larger than {RunOutput.Bytes(LargestBody)}" : null;
        return new(status, MediaType(response), body, time.GetElapsedTime(started), problem);
    }

    private static string? MediaType(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType;

    // From http to https on the usual ports is still the same place; another port is another application.
    private static bool SameHost(Uri from, Uri to) =>
        to.Host.Equals(from.Host, StringComparison.OrdinalIgnoreCase)
        && (
            to.Port == from.Port && to.Scheme.Equals(from.Scheme, StringComparison.Ordinal)
            || from is { Scheme: "http", Port: 80 } && to is { Scheme: "https", Port: 443 }
        );
}

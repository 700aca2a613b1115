using Microsoft.AspNetCore.Http;
using Slipway.Health;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Health;

public sealed class HealthProbeTests : IDisposable
{
    private static readonly HealthSettings Quick = new(
        null,
        "/health",
        "/health/db",
        "version",
        TimeSpan.FromMilliseconds(400),
        TimeSpan.FromMilliseconds(10),
        TimeSpan.FromSeconds(5)
    );

    // For answers that come in the end, however slow the machine is.
    private static readonly HealthSettings Patient = Quick with { Timeout = TimeSpan.FromMinutes(1) };
    private readonly SocketsHttpHandler _handler = DirectHttp.CreateHandler();
    private readonly StringWriter _output = new();

    [Fact]
    public async Task Waits_until_the_new_release_answers()
    {
        var probes = 0;
        await using var site = await Site.StartAsync(context =>
            (++probes) switch
            {
                1 => Site.SayAsync(context, "", 503),
                2 => Site.SayAsync(context, """{"status":"ok","version":"old"}"""),
                _ => Site.SayAsync(context, """{"status":"ok","version":"new"}"""),
            }
        );

        var result = await WaitAsync(site, Patient, "new");

        Assert.Equal(3, result.Probes);
        Assert.Equal("new", result.Answer.Version);
        Assert.Equal(new Uri(site.Url, "/health"), result.Url);
        Assert.Contains("it answers HTTP 503 instead of 200", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("release old answers instead of new", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_last_answer_and_the_number_of_probes()
    {
        await using var site = await Site.StartAsync("migrations\nare running", 503, "text/plain");

        var error = await Assert.ThrowsAsync<UnhealthyException>(() => WaitAsync(site, Quick, "new"));

        Assert.True(error.Probes > 1);
        Assert.Equal(site.Requests.Count, error.Probes);
        Assert.Contains($"after {error.Probes} probes", error.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP 503 text/plain: migrations are running", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "    Unhandled exception",
            error.WithLog(["Unhandled exception"], null).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Says_what_a_person_can_still_do()
    {
        await using var site = await Site.StartAsync("starting", 503, "text/plain");

        var alive = await Assert.ThrowsAsync<UnhealthyException>(() => WaitAsync(site, Quick, "new"));
        var ended = await Assert.ThrowsAsync<UnhealthyException>(() => WaitAsync(site, Quick, "new", () => "it ended"));

        Assert.Equal(
            $"ask it yourself as long as it is not replaced: curl -i {site.Url}health; then mend the application and deploy again",
            alive.Hint
        );
        Assert.StartsWith(
            "see what it says in /log/new.out,",
            alive.WithLog([], "/log/new.out").Hint,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "see why it ended in /log/new.out,",
            ended.WithLog([], "/log/new.out").Hint,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Never_takes_another_release_for_the_new_one()
    {
        await using var site = await Site.StartAsync("""{"status":"ok","version":"old"}""");

        var error = await Assert.ThrowsAsync<UnhealthyException>(() => WaitAsync(site, Quick, "new"));

        Assert.Equal("release old answers instead of new", error.Reason);
        Assert.Equal("old", error.Last?.Version);
    }

    [Fact]
    public async Task Stops_at_once_when_the_application_has_ended()
    {
        await using var site = await Site.StartAsync("", 503);

        var error = await Assert.ThrowsAsync<UnhealthyException>(() =>
            WaitAsync(site, Patient, "new", () => "it ended with exit code 3")
        );

        Assert.Equal(1, error.Probes);
        Assert.Equal("it ended with exit code 3", error.Reason);
    }

    [Fact]
    public async Task Says_that_nothing_listens()
    {
        Uri url;
        await using (var site = await Site.StartAsync("{}"))
        {
            url = site.Url;
        }

        var error = await Assert.ThrowsAsync<UnhealthyException>(() =>
            Probe().WaitAsync(url, Quick, null, null, TestContext.Current.CancellationToken)
        );

        Assert.Contains("refused", error.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("see that the application runs and that", error.Hint, StringComparison.Ordinal);
        Assert.Null(error.Last);
    }

    [Fact]
    public async Task Does_not_wait_for_an_answer_that_never_ends()
    {
        await using var site = await Site.StartAsync(async context =>
        {
            await context.Response.WriteAsync("""{"status":""", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        var settings = Quick with { RequestTimeout = TimeSpan.FromMilliseconds(100) };

        var error = await Assert.ThrowsAsync<UnhealthyException>(() => WaitAsync(site, settings, null));

        Assert.Equal("it did not answer within 0.1 s", error.Reason);
    }

    [Fact]
    public async Task Does_not_read_more_than_64_KiB()
    {
        await using var site = await Site.StartAsync($$"""{"status":"ok","padding":"{{new string('x', 70_000)}}"}""");

        var error = await Assert.ThrowsAsync<UnhealthyException>(() => WaitAsync(site, Quick, null));

        Assert.Contains("larger than 65.5 kB", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follows_a_redirect_on_the_same_host()
    {
        await using var site = await Site.StartAsync(context =>
        {
            if (context.Request.Path == "/health")
            {
                context.Response.Redirect("/api/health");
                return Task.CompletedTask;
            }

            return Site.SayAsync(context, """{"status":"ok"}""");
        });

        await WaitAsync(site, Patient, null);

        Assert.Equal(["GET /health", "GET /api/health"], site.Requests);
    }

    [Fact]
    public async Task Does_not_follow_redirects_for_ever()
    {
        await using var site = await Site.StartAsync(context =>
        {
            context.Response.Redirect("/health");
            return Task.CompletedTask;
        });

        var error = await Assert.ThrowsAsync<UnhealthyException>(() => WaitAsync(site, Quick, null));

        Assert.Equal("it redirects more than 5 times", error.Reason);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Fails_at_once_on_a_redirect_to_another_place(string host)
    {
        await using var other = await Site.StartAsync("""{"status":"ok"}""");
        var target = new UriBuilder(other.Url) { Host = host, Path = "/health" }.Uri;
        await using var site = await Site.StartAsync(context =>
        {
            context.Response.Redirect(target.ToString());
            return Task.CompletedTask;
        });

        var error = await Assert.ThrowsAsync<UnhealthyException>(() => WaitAsync(site, Patient, null));

        Assert.Equal($"it redirects to another host: {target}", error.Reason);
        Assert.Equal(1, error.Probes);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Asks_for_the_database_on_its_own_path()
    {
        await using var site = await Site.StartAsync("""{"status":"ok","migration":"0001_a"}""");

        await Probe().ProbeDatabaseAsync(site.Url, Patient, "0001_a", null, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<UnhealthyException>(() =>
            Probe().ProbeDatabaseAsync(site.Url, Quick, "0002_b", null, TestContext.Current.CancellationToken)
        );

        Assert.All(site.Requests, request => Assert.Equal("GET /health/db", request));
        Assert.Contains("0001_a", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Can_be_cancelled()
    {
        await using var site = await Site.StartAsync("", 503);
        using var stop = new CancellationTokenSource();

        var waiting = Probe()
            .WaitAsync(
                site.Url,
                Patient,
                null,
                () =>
                {
                    stop.Cancel();
                    return null;
                },
                stop.Token
            );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    public void Dispose()
    {
        _handler.Dispose();
        _output.Dispose();
    }

    private HealthProbe Probe() =>
        new(_handler, TimeProvider.System, new RunOutput(_output, false, TimeProvider.System));

    private Task<HealthResult> WaitAsync(
        Site site,
        HealthSettings settings,
        string? version,
        Func<string?>? died = null
    ) => Probe().WaitAsync(site.Url, settings, version, died, TestContext.Current.CancellationToken);
}

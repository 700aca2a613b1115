using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Processes;
using Slipway.Tests.Support;

namespace Slipway.Tests.Proxy;

/// <summary>The proxy as the process that a deploy starts.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private Process? _proxy;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Dll =>
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Slipway.Proxy", "debug", "Slipway.Proxy.dll");

    private string StateFile => _folder["upstream.json"];

    [Fact]
    public async Task Switches_under_load_and_loses_no_request()
    {
        await using var old = await Site.StartAsync(SlowlyAsync("old"));
        await using var fresh = await Site.StartAsync(SlowlyAsync("new"));
        Route(old, "old");
        await StartAsync();
        using var stop = new CancellationTokenSource();

        var users = Enumerable.Range(0, 8).Select(_ => AskUntilAsync(stop.Token)).ToList();
        await Task.Delay(300, Token);
        Route(fresh, "new");
        while (await ReleaseAsync() != "new")
        {
            await Task.Delay(20, Token);
        }

        Assert.Equal("new", await _http.GetStringAsync(new Uri("/", UriKind.Relative), Token));
        await stop.CancelAsync();
        var answers = (await Task.WhenAll(users)).SelectMany(said => said).ToList();
        Assert.All(answers, said => Assert.True(said is "old" or "new", said));
        Assert.Contains("old", answers);
        Assert.Contains("new", answers);
    }

    [Fact]
    public async Task Counts_the_requests_that_an_old_release_still_has()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var old = await Site.StartAsync(async context =>
        {
            await go.Task.WaitAsync(context.RequestAborted);
            await Site.SayAsync(context, "old");
        });
        await using var fresh = await Site.StartAsync("new");
        Route(old, "old");
        await StartAsync();
        var waiting = _http.GetStringAsync(new Uri("/", UriKind.Relative), Token);
        await UntilAsync(async () => await ActiveAsync(old) == 1);

        Route(fresh, "new");
        await UntilAsync(async () => await ReleaseAsync() == "new");
        Assert.Equal(1, await ActiveAsync(old));
        go.SetResult();

        Assert.Equal("old", await waiting);
        await UntilAsync(async () => await ActiveAsync(old) == 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"upstream":"nowhere","release":"bad"}""")]
    public async Task Keeps_to_the_last_good_upstream(string text)
    {
        await using var site = await Site.StartAsync("old");
        Route(site, "old");
        await StartAsync();

        await File.WriteAllTextAsync(StateFile, text, Token);
        await Task.Delay(200, Token);
        File.Delete(StateFile);
        await Task.Delay(200, Token);

        Assert.Equal("old", await ReleaseAsync());
        Assert.Equal("old", await _http.GetStringAsync(new Uri("/", UriKind.Relative), Token));
    }

    [Fact]
    public async Task Says_at_once_that_a_release_is_down()
    {
        var site = await Site.StartAsync("gone");
        Route(site, "gone");
        await site.DisposeAsync();
        await StartAsync();

        using var answer = await _http.GetAsync(new Uri("/", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task Passes_large_bodies_and_who_asked()
    {
        await using var site = await Site.StartAsync(async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            await Site.SayAsync(context, $"{body.Length} {context.Request.Headers["X-Forwarded-For"]}");
        });
        Route(site, "r1");
        await StartAsync();

        using var content = new ByteArrayContent(new byte[20_000_000]);
        using var answer = await _http.PostAsync(new Uri("/", UriKind.Relative), content, Token);

        Assert.Equal("20000000 127.0.0.1", await answer.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("198.51.100.7", "198.51.100.7")]
    public async Task Passes_on_whom_a_web_server_on_this_machine_names(string? named, string passed)
    {
        await using var site = await Site.StartAsync(context =>
            Site.SayAsync(context, $"{context.Request.Headers["X-Forwarded-For"]}")
        );
        Route(site, "r1");
        await StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative));
        if (named is not null)
        {
            request.Headers.Add("X-Forwarded-For", named);
        }

        using var answer = await _http.SendAsync(request, Token);

        Assert.Equal(passed, await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Says_in_one_line_that_its_address_is_taken()
    {
        await using var site = await Site.StartAsync("other");
        var runner = new ProcessRunner(TimeProvider.System);

        var result = await runner.RunAsync(
            Command.Of("dotnet", Dll, "--listen", site.Url.Authority, "--state", StateFile),
            null,
            Token
        );

        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"The proxy cannot listen on {site.Url.Authority}: the address is already in use", result.Error);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Ends_when_asked()
    {
        await using var site = await Site.StartAsync("r1");
        Route(site, "r1");
        await StartAsync();

        Assert.True(ProcessIdentity.Of(_proxy!.Id)!.Terminate());
        await _proxy.WaitForExitAsync(Token);

        Assert.Equal(0, _proxy.ExitCode);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_proxy is { HasExited: false })
        {
            _proxy.Kill();
            await _proxy.WaitForExitAsync(CancellationToken.None);
        }

        _proxy?.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    private static Func<HttpContext, Task> SlowlyAsync(string text) =>
        async context =>
        {
            await Task.Delay(20, context.RequestAborted);
            await Site.SayAsync(context, text);
        };

    private void Route(Site site, string release)
    {
        var address = site.Url.GetLeftPart(UriPartial.Authority);
        File.WriteAllText($"{StateFile}.part", $$"""{"upstream":"{{address}}","release":"{{release}}"}""");
        File.Move($"{StateFile}.part", StateFile, overwrite: true);
    }

    private async Task StartAsync()
    {
        var port = PostgresCluster.FreePort();
        _http.BaseAddress = new($"http://127.0.0.1:{port}");
#pragma warning disable RS0030 // The test ends it by itself.
        _proxy = Process.Start(
            new ProcessStartInfo("dotnet", [Dll, "--listen", $"127.0.0.1:{port}", "--state", StateFile])
        )!;
#pragma warning restore RS0030
        await UntilAsync(async () => await ReleaseAsync() is not null);
    }

    private async Task<List<string>> AskUntilAsync(CancellationToken stop)
    {
        var said = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            using var answer = await _http.GetAsync(new Uri("/", UriKind.Relative), Token);
            said.Add(
                answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(Token) : $"{answer.StatusCode}"
            );
        }

        return said;
    }

    private async Task<string?> ReleaseAsync() => (await AnswerAsync())?.GetProperty("release").GetString();

    private async Task<long> ActiveAsync(Site site) =>
        (await AnswerAsync())!
            .Value.GetProperty("activeRequests")
            .TryGetProperty(site.Url.GetLeftPart(UriPartial.Authority), out var count)
            ? count.GetInt64()
            : 0;

    private async Task<JsonElement?> AnswerAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/.slipway/upstream", UriKind.Relative), Token);
            return answer.IsSuccessStatusCode
                ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(20, Token);
        }
    }
}

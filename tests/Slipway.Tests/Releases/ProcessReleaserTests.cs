using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Slipway.Health;
using Slipway.Processes;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Releases;

/// <summary>Real releases behind the real proxy.</summary>
public sealed class ProcessReleaserTests : IAsyncLifetime
{
    private static readonly Release First = new("first", "c1");
    private static readonly Release Second = new("second", "c2");
    private readonly TemporaryFolder _folder = new();
    private readonly SocketsHttpHandler _http = DirectHttp.CreateHandler();
    private readonly int _port = PostgresCluster.FreePort();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_serves_once_it_is_switched_to_and_then_the_one_before_can_be_removed()
    {
        var releaser = Releaser();
        Assert.Equal(Serving.None, await releaser.ObserveAsync(Token));
        await ServeAsync(releaser, First);
        Assert.Equal(Serving.By("first"), await releaser.ObserveAsync(Token));

        await ServeAsync(releaser, Second);
        await releaser.RemoveAsync(First, Token);

        Assert.Equal(Serving.By("second"), await releaser.ObserveAsync(Token));
        Assert.Equal("second", await LiveAsync());
    }

    [Fact]
    public async Task Neither_stops_nor_removes_what_may_serve_when_the_proxy_does_not_answer()
    {
        var releaser = Releaser();
        await ServeAsync(releaser, First);
        await SignalProxyAsync("-STOP");
        try
        {
            var removal = await Assert.ThrowsAsync<ServingUnknownException>(() => releaser.RemoveAsync(First, Token));
            Assert.Equal(ExitCode.NeedsPerson, removal.ExitCode);
            Assert.Contains("Nothing was stopped or removed", removal.Message, StringComparison.Ordinal);
            Assert.Contains($"http://127.0.0.1:{_port}", removal.Hint, StringComparison.Ordinal);
        }
        finally
        {
            await SignalProxyAsync("-CONT");
        }

        Assert.Equal("first", await LiveAsync());
    }

    [Fact]
    public async Task Does_not_begin_anew_with_the_release_that_serves()
    {
        var releaser = Releaser();
        await ServeAsync(releaser, First);

        await Assert.ThrowsAsync<ServingUnknownException>(() => releaser.PrepareAsync(First, null, Token));

        Assert.Equal("first", await LiveAsync());
    }

    [Fact]
    public async Task Says_who_has_the_port_before_anything_is_built()
    {
        using var other = new TcpListener(IPAddress.Loopback, _port);
        other.Start();

        var error = await Assert.ThrowsAsync<SlipwayException>(() => Releaser().PrepareAsync(First, null, Token));

        Assert.Contains(
            $"127.0.0.1:{_port}: the port is taken by process {Environment.ProcessId} (",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("release.port", error.Hint, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, error.ExitCode);
        Assert.Empty(ProcessReleaser.Running(_folder["app"]));
        Assert.False(Directory.Exists(_folder["app/releases/first"]));
    }

    [Fact]
    public async Task A_proxy_that_cannot_start_is_found_before_the_switch_and_the_release_can_be_removed()
    {
        var releaser = Releaser(proxy: ["sh", "-c", "echo no such option >&2; exit 2"]);

        var error = await Assert.ThrowsAsync<SlipwayException>(() => releaser.PrepareAsync(First, null, Token));
        await releaser.RemoveAsync(First, Token);

        Assert.Contains("did not start: no such option", error.Message, StringComparison.Ordinal);
        Assert.Empty(ProcessReleaser.Running(_folder["app"]));
    }

    [Fact]
    public async Task A_release_that_does_not_reach_its_database_is_not_ready()
    {
        var releaser = Releaser("""{"databaseStatus":503}""", TimeSpan.FromSeconds(3));

        var error = await Assert.ThrowsAsync<UnhealthyException>(() => releaser.PrepareAsync(First, null, Token));

        Assert.EndsWith("/health/db", error.Url.ToString(), StringComparison.Ordinal);
        Assert.Contains("503", error.Reason, StringComparison.Ordinal);
        Assert.Contains(_folder["app/shared/log/first.out"], error.Hint, StringComparison.Ordinal);
        await releaser.RemoveAsync(First, Token);
    }

    [Fact]
    public async Task A_release_that_ends_is_looked_for_in_its_own_output()
    {
        var error = await Assert.ThrowsAsync<UnhealthyException>(() =>
            Releaser("""{"exitAfterMs":1}""").PrepareAsync(First, null, Token)
        );

        Assert.Contains("these are my last words", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            $"see why it ended in {_folder["app/shared/log/first.out"]}, mend the application and deploy again",
            error.Hint
        );
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await ProcessReleaser.StopAllAsync(_folder["app"], TimeProvider.System, CancellationToken.None);
        _http.Dispose();
        _folder.Dispose();
    }

    private static string Built(string project, string file) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, "debug", file));

    private static async Task ServeAsync(ProcessReleaser releaser, Release release)
    {
        await releaser.PrepareAsync(release, null, Token);
        await releaser.SwitchAsync(release, null, Token);
    }

    private async Task SignalProxyAsync(string signal)
    {
        var note = JsonNode.Parse(await File.ReadAllTextAsync(_folder["app/state/proxy.json"], Token))!;
        await new ProcessRunner(TimeProvider.System).RunAsync(
            Command.Of("kill", signal, $"{note["process"]!["id"]}"),
            null,
            Token
        );
    }

    private async Task<string?> LiveAsync()
    {
        using var client = new HttpClient(_http, disposeHandler: false);
        var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/health"), Token);
        return JsonNode.Parse(text)?["version"]?.GetValue<string>();
    }

    private ProcessReleaser Releaser(
        string behaviour = "{}",
        TimeSpan? timeout = null,
        IReadOnlyList<string>? proxy = null
    ) =>
        new(
            ReleaserEnvironment.Of(
                _folder.Path,
                new()
                {
                    Strategy = ReleaseStrategy.Process,
                    Build =
                    [
                        "sh",
                        "-c",
                        "cp -r \"$0\" \"$1\" && printf %s \"$2\" >\"$1/behaviour.json\"",
                        Built("Slipway.TestApp", ""),
                        "{folder}",
                        behaviour,
                    ],
                    Start = ["dotnet", "{folder}/Slipway.TestApp.dll"],
                    Folder = _folder["app"],
                    Port = _port,
                    DrainTimeout = TimeSpan.FromSeconds(2),
                    Timeout = TimeSpan.FromMinutes(1),
                },
                ReleaserEnvironment.Health() with
                {
                    Timeout = timeout ?? TimeSpan.FromSeconds(20),
                }
            ),
            proxy ?? ["dotnet", Built("Slipway.Proxy", "Slipway.Proxy.dll")],
            new ProcessRunner(TimeProvider.System),
            _http,
            new RunOutput(TextWriter.Null, false, TimeProvider.System)
        );
}

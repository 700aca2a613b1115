using Slipway.Health;
using Slipway.Processes;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Storage;
using Slipway.Tests.Support;

namespace Slipway.Tests.Releases;

public sealed class CommandReleaserTests : IDisposable
{
    private static readonly Release First = new("first", "c1");
    private readonly TemporaryFolder _folder = new();
    private readonly SocketsHttpHandler _http = DirectHttp.CreateHandler();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ReleaseBook Book => new(new FileStore(_folder["store"]), "test", TimeProvider.System);

    [Fact]
    public async Task Believes_the_application_and_not_the_book()
    {
        await using var site = await Site.StartAsync("""{"status":"ok","version":"second"}""");
        await Book.SetAsync(First, ReleaseState.Verified, true, "r1", null, Token);

        var releaser = Releaser(site.Url);

        Assert.Equal(Serving.By("second"), await releaser.ObserveAsync(Token));
        Assert.Equal("second", await releaser.ServingAsync(Token));
    }

    [Fact]
    public async Task Takes_the_version_of_a_release_that_is_not_well()
    {
        await using var site = await Site.StartAsync("""{"status":"error","version":"second"}""", 503);

        Assert.Equal(Serving.By("second"), await Releaser(site.Url).ObserveAsync(Token));
    }

    [Fact]
    public async Task Does_not_know_who_serves_when_nothing_answers()
    {
        await Book.SetAsync(First, ReleaseState.Verified, true, "r1", null, Token);
        var releaser = Releaser(new($"http://127.0.0.1:{PostgresCluster.FreePort()}"));

        var serving = await releaser.ObserveAsync(Token);

        Assert.Contains("refused", serving.Unknown, StringComparison.OrdinalIgnoreCase);
        Assert.True(serving.MayBe("any"));
        Assert.Equal("first", await releaser.ServingAsync(Token));
    }

    [Fact]
    public async Task Does_not_know_who_serves_when_the_application_tells_no_version()
    {
        await using var site = await Site.StartAsync("""{"status":"ok"}""");

        var serving = await Releaser(site.Url).ObserveAsync(Token);

        Assert.Contains("no version", serving.Unknown, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private CommandReleaser Releaser(Uri url) =>
        new(
            ReleaserEnvironment.Of(
                _folder.Path,
                new() { Strategy = Slipway.Settings.ReleaseStrategy.Command },
                ReleaserEnvironment.Health(url)
            ),
            Book,
            new ProcessRunner(TimeProvider.System),
            _http,
            new RunOutput(TextWriter.Null, false, TimeProvider.System)
        );
}

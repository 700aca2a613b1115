using Slipway.Processes;
using Slipway.Releases;
using Slipway.Tests.Support;

namespace Slipway.Tests.Releases;

[Trait("Needs", "Server")]
public sealed class ReleaseIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ProcessRunner _processes = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Shop => Path.Combine(_folder.Path, "shop");

    [Fact]
    public async Task Names_a_clean_tree_after_its_commit_and_a_changed_one_after_its_content_too()
    {
        await MakeAsync();
        var clean = await OfAsync();
        await WriteAsync("app/new", "one");
        var one = await OfAsync();
        await WriteAsync("app/new", "two");
        var two = await OfAsync();

        Assert.Equal(12, clean.Id.Length);
        Assert.StartsWith(clean.Id, one.Id, StringComparison.Ordinal);
        Assert.NotEqual(one.Id, two.Id);
        Assert.NotEqual(clean.Id, one.Id);
    }

    [Fact]
    public async Task Is_not_changed_by_what_runs_leave_in_the_project()
    {
        await MakeAsync();
        var clean = await OfAsync();
        await WriteAsync(".nuke/temp/log", "a run");
        await WriteAsync(".nuke/environments/staging.env", "DATABASE_URL=x");
        await WriteAsync(".nuke/build.schema.json", "{}");

        Assert.Equal(clean.Id, (await OfAsync()).Id);
    }

    public void Dispose() => _folder.Dispose();

    private Task<Release> OfAsync() => new ReleaseIdentity(_processes).OfAsync(Shop, Token);

    // The project is a folder of a larger repository.
    private async Task MakeAsync()
    {
        await WriteAsync("app/old", "x");
        await GitAsync("init", "-q");
        await GitAsync("add", "-A");
        await GitAsync("-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-q", "-m", "first");
    }

    private async Task GitAsync(params string[] words) =>
        Assert.Equal(
            0,
            (await _processes.RunAsync(Command.Of("git", ["-C", _folder.Path, .. words]), null, Token)).ExitCode
        );

    private Task WriteAsync(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Shop, path))!);
        return File.WriteAllTextAsync(Path.Combine(Shop, path), text, Token);
    }
}

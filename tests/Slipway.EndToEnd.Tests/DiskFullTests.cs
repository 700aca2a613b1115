using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>A store without room: refused before anything is touched, or got back from when it fills up on the way.</summary>
public sealed class DiskFullTests : IAsyncLifetime
{
    private readonly Project _project = new();

    private string Store => _project.PathOf(".nuke/temp/small");

    [Fact]
    public async Task A_store_that_is_too_small_is_refused_before_anything_is_touched()
    {
        await MountAsync("20m");

        var outcome = await _project.DeployAsync();

        Assert.True(outcome.ExitCode == 3, outcome.Output);
        Assert.Contains("make room", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Store));
    }

    [Fact]
    public async Task A_store_that_fills_up_on_the_way_leaves_the_old_release_live()
    {
        await MountAsync("180m");
        await _project.DeployWellAsync();
        var first = await _project.LiveAsync();
        _project.Configure(settings =>
        {
            UseSmallStore(settings);

            // Fills what is left once the first backup is taken.
            settings["test"]!["command"] = new JsonArray(
                "sh",
                "-c",
                $"cat /dev/zero > {Store}/ballast 2>/dev/null; echo 1 passed, 0 failed"
            );
        });
        _project.Behave("""{"startDelayMs":1}""");
        _project.Commit("second");

        var outcome = await _project.DeployAsync();

        Assert.True(outcome.ExitCode is 1 or 4, outcome.Output);
        Assert.Contains("No space left", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(first, await _project.LiveAsync());
        File.Delete(Path.Combine(Store, "ballast"));
        _project.Configure(UseSmallStore);
        _project.Commit("with room");
        var next = await _project.DeployAsync();
        Assert.True(next.ExitCode == 0, outcome.Output + next.Output);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _project.RunAsync("LocalReset", "--env", "local");
        await RootAsync("umount", "-l", Store);
        await _project.DisposeAsync();
    }

    private async Task MountAsync(string size)
    {
        Directory.CreateDirectory(Store);
        await RootAsync("mount", "-t", "tmpfs", "-o", $"size={size},mode=0777", "tmpfs", Store);
        _project.Configure(UseSmallStore);
        _project.Commit("small store");
    }

    private void UseSmallStore(JsonObject settings) => settings["store"]!["folder"] = Store;

    private async Task RootAsync(params string[] command)
    {
        var full = Environment.IsPrivilegedProcess ? command : ["sudo", "-n", .. command];
        using var run = new Run(full, _project.Folder);
        var outcome = await run.EndAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Output);
    }
}

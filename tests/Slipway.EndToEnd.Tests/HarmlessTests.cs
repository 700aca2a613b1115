using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>What changes nothing, or was not asked to, leaves users, lock and other environments alone.</summary>
public sealed class HarmlessTests : IAsyncLifetime
{
    private readonly Project _project = new();

    [Fact]
    public async Task A_failing_check_of_a_run_with_nothing_to_do_rolls_nothing_back()
    {
        await _project.DeployWellAsync();
        _project.Behave("""{"startDelayMs":1}""");
        var second = _project.Commit("second");
        await _project.DeployWellAsync();
        _project.Configure(settings => settings["health"]!["databasePath"] = "/not/there");

        var outcome = await _project.RunAsync("Deploy", "--env", "local", "--root", _project.Folder);

        Assert.True(outcome.ExitCode == 1, outcome.Output);
        Assert.Equal(second, await _project.LiveAsync());
        Assert.False(_project.IsLocked);
    }

    [Fact]
    public async Task A_check_alone_rolls_nothing_back()
    {
        await _project.DeployWellAsync();
        var first = await _project.LiveAsync();
        _project.Behave("""{"startDelayMs":1}""");
        _project.Commit("not deployed yet");

        var outcome = await _project.RunAsync("PreBackup", "HealthCheck", "--env", "local");

        Assert.True(outcome.ExitCode == 1, outcome.Output);
        Assert.Equal(first, await _project.LiveAsync());
        Assert.False(_project.IsLocked);
    }

    [Fact]
    public async Task Resume_with_nothing_to_resume_is_refused()
    {
        await _project.DeployWellAsync();

        var outcome = await _project.RunAsync("Resume", "--env", "local");

        Assert.True(outcome.ExitCode == 3, outcome.Output);
        Assert.Contains("nothing to resume", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_sees_a_held_lock_and_frees_none()
    {
        await _project.DeployWellAsync();
        _project.Behave("""{"failNotes":true}""");
        _project.AddMigration("20260102000000_c", "ALTER TABLE notes ADD COLUMN body text;", verdict: "contract");
        _project.Commit("bad notes");
        await _project.DeployAsync();

        var unlock = await _project.RunAsync("Unlock", "--env", "local", "--reason", "x", "--dry-run");
        var deploy = await _project.RunAsync("Deploy", "--env", "local", "--dry-run");

        Assert.Contains("would free it", unlock.Output, StringComparison.Ordinal);
        Assert.True(_project.IsLocked);
        Assert.True(deploy.ExitCode == 3, deploy.Output);
    }

    [Theory]
    [InlineData("LocalDown")]
    [InlineData("LocalReset")]
    public async Task Another_environment_is_never_stopped_or_removed(string target)
    {
        _project.ConfigureTeam(settings =>
        {
            settings.Remove("provision");
            settings["store"]!["folder"] = ".nuke/temp/store";
        });

        var outcome = await _project.RunAsync(target, "--env", "team");

        Assert.True(outcome.ExitCode == 2, outcome.Output);
        Assert.Contains("Environment team is not provisioned by Slipway", outcome.Output, StringComparison.Ordinal);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _project.DisposeAsync();
}

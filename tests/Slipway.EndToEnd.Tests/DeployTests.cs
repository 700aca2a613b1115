using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Deploys that work.</summary>
public sealed class DeployTests : IAsyncLifetime
{
    private readonly Project _project = new();

    [Fact]
    public async Task The_first_deploy_brings_the_release_to_its_users()
    {
        var outcome = await _project.DeployWellAsync();

        Assert.Equal(_project.Head, await LiveAfterNoChangeAsync(outcome));
        Assert.Contains("3 passed, 0 failed", outcome.Output, StringComparison.Ordinal);
        Assert.False(_project.IsLocked);
    }

    [Fact]
    public async Task A_second_deploy_says_that_there_is_nothing_to_do()
    {
        await _project.DeployWellAsync();

        var second = await _project.DeployWellAsync();

        Assert.Contains("nothing to do", second.Output, StringComparison.OrdinalIgnoreCase);
        Assert.False(_project.IsLocked);
    }

    [Fact]
    public async Task A_new_version_with_a_migration_loses_no_request()
    {
        await _project.DeployWellAsync();
        _project.AddMigration("20260102000000_body", "ALTER TABLE notes ADD COLUMN body text;");
        _project.Behave("""{"startDelayMs":300}""");
        var release = _project.Commit("second");

        await using var load = new Load(_project.Address, users: 12);
        await _project.DeployWellAsync();
        var (answered, failures) = await load.StopAsync();

        Assert.Empty(failures);
        Assert.True(answered > 100, $"only {answered} requests were answered");
        Assert.Equal(release, await _project.LiveAsync());
    }

    [Fact]
    public async Task A_dry_run_touches_nothing()
    {
        await _project.DeployWellAsync();
        _project.AddMigration("20260102000000_body", "ALTER TABLE notes ADD COLUMN body text;");
        _project.Commit("second");
        var live = await _project.LiveAsync();
        var before = Files();

        var outcome = await _project.RunAsync("Deploy", "--env", "local", "--dry-run");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("20260102000000_body", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(live, await _project.LiveAsync());
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("LocalDown")]
    [InlineData("LocalReset")]
    public async Task A_dry_run_of_stopping_stops_nothing(string target)
    {
        await _project.DeployWellAsync();
        var live = await _project.LiveAsync();

        var dry = await _project.RunAsync(target, "--dry-run");

        Assert.Equal(0, dry.ExitCode);
        Assert.Contains(
            $"would stop the proxy, release {live}, the PostgreSQL server",
            dry.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(live, await _project.LiveAsync());
        var down = await _project.RunAsync("LocalDown");
        Assert.Contains($"stopping the proxy, release {live}", down.Output, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(_project.LiveAsync);
        var again = await _project.RunAsync("LocalDown");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("nothing runs", again.Output, StringComparison.Ordinal);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _project.DisposeAsync();

    private string[] Files() =>
        Directory
            .EnumerateFileSystemEntries(_project.PathOf(".nuke/temp/local/store"), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .ToArray();

    private async Task<string?> LiveAfterNoChangeAsync(Outcome outcome)
    {
        var live = await _project.LiveAsync();
        Assert.Contains(live!, outcome.Output, StringComparison.Ordinal);
        return live;
    }
}

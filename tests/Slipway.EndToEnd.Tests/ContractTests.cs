using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>After a contract the old release is never brought back by itself, in whichever run the contract was applied.</summary>
public sealed class ContractTests : IAsyncLifetime
{
    private const string Contract = "20260102000000_contract";
    private readonly Project _project = new(rehearses: false);

    [Fact]
    public async Task A_resumed_run_still_waits_for_a_person()
    {
        var (_, second) = await FailAfterContractAsync();

        var resumed = await _project.RunAsync("Resume", "--env", "local");

        Assert.True(resumed.ExitCode == 4, resumed.Output);
        Assert.Equal(second, await _project.LiveAsync());
        Assert.Contains("held", _project.Lock, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deploy_after_an_unlock_still_waits_for_a_person()
    {
        var (_, second) = await FailAfterContractAsync();
        await _project.RunAsync("Unlock", "--env", "local", "--reason", "looked at it");

        var outcome = await _project.DeployAsync();

        Assert.True(outcome.ExitCode == 4, outcome.Output);
        Assert.Equal(second, await _project.LiveAsync());
        Assert.True(_project.IsLocked);
    }

    [Fact]
    public async Task Rollback_over_a_contract_is_refused_unless_a_person_says_why()
    {
        await _project.DeployWellAsync();
        var first = await _project.LiveAsync();
        _project.AddMigration(Contract, "ALTER TABLE notes ADD COLUMN body text;", verdict: "contract");
        _project.Behave("""{"startDelayMs":1}""");
        var second = _project.Commit("second");
        await _project.DeployWellAsync();

        var refused = await _project.RunAsync("Rollback", "--env", "local");

        Assert.True(refused.ExitCode == 3, refused.Output);
        Assert.Contains($"{Contract} (Contract)", refused.Output, StringComparison.Ordinal);
        Assert.Equal(second, await _project.LiveAsync());
        Assert.False(_project.IsLocked);
        var forced = await _project.RunAsync("Rollback", "--env", "local", "--reason", "the column is not used");
        Assert.True(forced.ExitCode == 0, forced.Output);
        Assert.Equal(first, await _project.LiveAsync());
    }

    [Fact]
    public async Task A_signal_after_a_contract_was_applied_leaves_the_lock_to_a_person()
    {
        await _project.DeployWellAsync();
        _project.AddMigration(Contract, "ALTER TABLE notes ADD COLUMN body text;", verdict: "contract");
        _project.AddMigration("20260103000000_slow", "SELECT pg_sleep(600);");
        _project.Commit("slow");

        using var run = _project.Start("Deploy", "--env", "local");
        await run.SeesAsync("applying 20260103000000_slow");
        run.Terminate();
        var outcome = await run.EndAsync();

        Assert.True(outcome.ExitCode == 143, outcome.Output);
        Assert.Contains($"applied and kept: {Contract}", outcome.Output, StringComparison.Ordinal);
        Assert.True(_project.IsLocked, outcome.Output);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _project.DisposeAsync();

    private async Task<(string? First, string Second)> FailAfterContractAsync()
    {
        await _project.DeployWellAsync();
        var first = await _project.LiveAsync();
        _project.Behave("""{"failNotes":true}""");
        _project.AddMigration(Contract, "ALTER TABLE notes ADD COLUMN body text;", verdict: "contract");
        var second = _project.Commit("bad notes");
        var outcome = await _project.DeployAsync();
        Assert.True(outcome.ExitCode == 4, outcome.Output);
        return (first, second);
    }
}

using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Deploys that are cut off: by a person, by the machine, by another deploy.</summary>
public sealed class InterruptionTests : IAsyncLifetime
{
    private const string Slow = "20260102000000_slow";

    // The first time only: what a sequence gave is given, whatever becomes of the statement.
    private const string SleepsOnce = """
        CREATE SEQUENCE slow_times;
        SELECT pg_sleep(600) WHERE nextval('slow_times') = 1;
        CREATE INDEX CONCURRENTLY slow_index ON notes (id);
        """;

    private readonly Project _project = new(rehearses: false);

    [Theory]
    [InlineData("interrupt", 130)]
    [InlineData("terminate", 143)]
    public async Task A_signal_in_a_migration_undoes_it_and_frees_the_lock(string signal, int exitCode)
    {
        await _project.DeployWellAsync();
        var first = await _project.LiveAsync();
        _project.AddMigration(Slow, "CREATE TABLE slow (id int);\nSELECT pg_sleep(600);");
        _project.Commit("slow");

        using var run = _project.Start("Deploy", "--env", "local");
        await run.SeesAsync(Slow);
        await run.SeesAsync("applying");
        Send(run, signal);
        var outcome = await run.EndAsync();

        Assert.True(exitCode == outcome.ExitCode, outcome.Output);
        Assert.False(_project.IsLocked, outcome.Output);
        Assert.Equal(first, await _project.LiveAsync());
        _project.AddMigration(Slow, "CREATE TABLE slow (id int);");
        _project.Commit("quick");
        await _project.DeployWellAsync();
    }

    [Theory]
    [InlineData("interrupt", 130)]
    [InlineData("terminate", 143)]
    public async Task A_signal_between_two_statements_is_told_and_gone_on_from(string signal, int exitCode)
    {
        await _project.DeployWellAsync();
        var first = await _project.LiveAsync();
        _project.AddMigration(Slow, SleepsOnce);
        _project.Commit("slow");
        using var run = _project.Start("Deploy", "--env", "local");
        await run.SeesAsync("applying");
        await IsOneDoneAsync();

        Send(run, signal);
        var outcome = await run.EndAsync();

        Assert.True(exitCode == outcome.ExitCode, outcome.Output);
        Assert.Contains($"{Slow} is HALF APPLIED", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(first, await _project.LiveAsync());
        var status = await _project.RunAsync("MigrateStatus", "--env", "local");
        Assert.True(status.ExitCode == 13, status.Output);
        Assert.Contains("1 of 3 statements are done; then: it was", status.Output, StringComparison.Ordinal);
        if (_project.IsLocked)
        {
            await _project.RunAsync("Unlock", "--env", "local", "--reason", "looked at it");
        }

        var next = await _project.DeployWellAsync();
        Assert.Contains("1 of 3 statements are done; going on", next.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PreBackup")]
    [InlineData("MigrateStatus")]
    [InlineData("Test")]
    [InlineData("MigrateDeploy")]
    [InlineData("DeployApp")]
    [InlineData("HealthCheck")]
    [InlineData("PostVerify")]
    public async Task After_a_kill_at_any_step_the_next_run_puts_things_right(string step)
    {
        await _project.DeployWellAsync();
        _project.AddMigration("20260102000000_body", "ALTER TABLE notes ADD COLUMN body text;");
        _project.Behave("""{"startDelayMs":200}""");
        var second = _project.Commit("second");

        using (var run = _project.Start("Deploy", "--env", "local"))
        {
            await run.SeesAsync($"║ {step}");
            run.KillHard();
            await run.EndAsync();
        }

        Assert.NotNull(await _project.LiveAsync());
        var next = await _project.DeployWellAsync();

        Assert.Contains("did not end", next.Output, StringComparison.Ordinal);
        Assert.Equal(second, await _project.LiveAsync());
        Assert.False(_project.IsLocked);
    }

    [Fact]
    public async Task A_kill_between_two_statements_is_seen_and_gone_on_with()
    {
        await _project.DeployWellAsync();
        _project.AddMigration(Slow, SleepsOnce);
        _project.Commit("slow");
        using (var run = _project.Start("Deploy", "--env", "local"))
        {
            await run.SeesAsync("applying");
            await IsOneDoneAsync();
            run.KillHard();
            await run.EndAsync();
        }

        var next = await _project.DeployWellAsync();

        Assert.Contains("1 of 3 statements are done; going on", next.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await _project.RunAsync("MigrateStatus", "--env", "local")).ExitCode);
    }

    [Fact]
    public async Task Of_two_deploys_at_once_one_is_refused_and_told_by_whom()
    {
        await _project.DeployWellAsync();
        _project.AddMigration(Slow, "SELECT pg_sleep(600);");
        _project.Commit("slow");
        using var run = _project.Start("Deploy", "--env", "local");
        await run.SeesAsync("applying");

        var other = await _project.DeployAsync();

        Assert.True(other.ExitCode == 3, other.Output);
        Assert.Contains("lock", other.Output, StringComparison.OrdinalIgnoreCase);
        run.Interrupt();
        Assert.Equal(130, (await run.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_database_that_goes_away_in_a_migration_leaves_the_old_release_live()
    {
        await _project.DeployWellAsync();
        var first = await _project.LiveAsync();
        _project.AddMigration(Slow, "CREATE TABLE slow (id int);\nSELECT pg_sleep(600);");
        _project.Commit("slow");
        using var run = _project.Start("Deploy", "--env", "local");
        await run.SeesAsync("applying");

        using (var stop = new Run(["pkill", "-QUIT", "-f", $"postgres.*{_project.Folder}"], _project.Folder))
        {
            await stop.EndAsync();
        }

        var outcome = await run.EndAsync();

        Assert.True(outcome.ExitCode is 1 or 4, outcome.Output);
        Assert.Equal(first, await _project.LiveAsync());
        _project.AddMigration(Slow, "CREATE TABLE slow (id int);");
        _project.Commit("quick");
        if (_project.IsLocked)
        {
            await _project.RunAsync("Unlock", "--env", "local", "--reason", "server is back");
        }

        await _project.DeployWellAsync();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _project.DisposeAsync();

    private async Task IsOneDoneAsync()
    {
        Outcome status;
        do
        {
            status = await _project.RunAsync("MigrateStatus", "--env", "local");
        } while (status.ExitCode == 10 || status.Output.Contains("0 of 3 statements", StringComparison.Ordinal));

        Assert.True(status.ExitCode == 13, status.Output);
    }

    private static void Send(Run run, string signal)
    {
        if (signal is "interrupt")
        {
            run.Interrupt();
        }
        else
        {
            run.Terminate();
        }
    }
}

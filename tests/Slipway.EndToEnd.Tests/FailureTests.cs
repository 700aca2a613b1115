using System.Net;
using System.Net.Sockets;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Deploys that fail: the right release stays live, the lock is free or held with a reason, the exit code says which.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private readonly Project _project = new();

    [Fact]
    public async Task A_failing_migration_undoes_itself_and_nothing_else_happens()
    {
        var first = await FirstAsync();
        _project.AddMigration(
            "20260102000000_broken",
            "CREATE TABLE extra (id int);\nSELECT no_such_column FROM notes;"
        );
        _project.Commit("broken");

        var outcome = await _project.DeployAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("no_such_column", outcome.Output, StringComparison.Ordinal);
        await StaysLiveAsync(first, outcome);
        var status = await _project.RunAsync("MigrateStatus", "--env", "local");
        Assert.Contains("pending", status.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_failing_test_stops_before_anything_changes()
    {
        var first = await FirstAsync();
        _project.Configure(settings =>
            settings["test"]!["command"] = new System.Text.Json.Nodes.JsonArray(
                "sh",
                "-c",
                "echo 2 passed, 1 failed; exit 1"
            )
        );
        _project.AddMigration("20260102000000_body", "ALTER TABLE notes ADD COLUMN body text;");
        _project.Commit("second");

        var outcome = await _project.DeployAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("1 failed", outcome.Output, StringComparison.Ordinal);
        await StaysLiveAsync(first, outcome);
    }

    [Fact]
    public async Task A_release_that_never_gets_healthy_is_removed_before_the_switch()
    {
        var first = await FirstAsync();
        _project.Behave("""{"healthStatus":503}""");
        _project.Commit("sick");

        var outcome = await _project.DeployAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("503", outcome.Output, StringComparison.Ordinal);
        await StaysLiveAsync(first, outcome);
    }

    [Fact]
    public async Task A_release_that_does_not_reach_its_database_gets_no_traffic()
    {
        var first = await FirstAsync();
        _project.Behave("""{"databaseStatus":503}""");
        _project.Commit("no database");

        await using var load = new Load(_project.Address, users: 4);
        var outcome = await _project.DeployAsync();
        var (_, failures) = await load.StopAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(failures);
        Assert.Contains("/health/db is not healthy", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("removed before anybody was on it", outcome.Output, StringComparison.Ordinal);
        await StaysLiveAsync(first, outcome);
    }

    [Fact]
    public async Task A_port_that_another_program_has_leaves_nothing_behind()
    {
        using var other = new TcpListener(IPAddress.Loopback, _project.Address.Port);
        other.Start();

        var outcome = await _project.DeployAsync();

        Assert.True(outcome.ExitCode == 1, outcome.Output);
        Assert.Contains(
            $"the port is taken by process {Environment.ProcessId}",
            outcome.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("release.port", outcome.Output, StringComparison.Ordinal);
        Assert.False(_project.IsLocked, outcome.Output);
        var down = await _project.RunAsync("LocalDown", "--dry-run");
        Assert.Contains("would stop the PostgreSQL server", down.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "GET {{base}}/health\nAuthorization: Bearer {{tokn}}\n",
        "critical.hurl:2:23: nothing sets the variable tokn"
    )]
    [InlineData("GET {{base}}/health\nHTP 200\n", "critical.hurl:2:")]
    [InlineData(null, "cannot be read")]
    public async Task Requests_that_cannot_work_are_refused_before_anything_is_touched(string? requests, string problem)
    {
        var first = await FirstAsync();
        _project.AddMigration("20260102000000_body", "ALTER TABLE notes ADD COLUMN body text;");
        _project.Write(".nuke/environments/critical.hurl", requests ?? "");
        if (requests is null)
        {
            File.Delete(_project.PathOf(".nuke/environments/critical.hurl"));
        }

        _project.Commit("bad requests");

        var outcome = await _project.DeployAsync();

        Assert.True(outcome.ExitCode == 2, outcome.Output);
        Assert.Contains(problem, outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PreBackup\n╬", outcome.Output, StringComparison.Ordinal);
        Assert.False(_project.IsLocked, outcome.Output);
        Assert.Equal(first, await _project.LiveAsync());
    }

    [Fact]
    public async Task A_release_that_dies_at_start_is_removed_and_its_last_words_are_shown()
    {
        var first = await FirstAsync();
        _project.Behave("""{"exitAfterMs":1}""");
        _project.Commit("dies");

        var outcome = await _project.DeployAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("see why it ended in", outcome.Output, StringComparison.Ordinal);
        await StaysLiveAsync(first, outcome);
    }

    [Fact]
    public async Task A_release_that_answers_with_another_version_is_not_switched_to()
    {
        var first = await FirstAsync();
        _project.Behave("""{"version":"wrong"}""");
        _project.Commit("liar");

        var outcome = await _project.DeployAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("wrong", outcome.Output, StringComparison.Ordinal);
        await StaysLiveAsync(first, outcome);
    }

    [Fact]
    public async Task A_release_that_fails_verification_is_switched_back()
    {
        var first = await FirstAsync();
        _project.Behave("""{"failNotes":true}""");
        _project.AddMigration("20260102000000_body", "ALTER TABLE notes ADD COLUMN body text;");
        _project.Commit("bad notes");

        await using var load = new Load(_project.Address, users: 6);
        var outcome = await _project.DeployAsync();
        var (_, failures) = await load.StopAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(failures);
        await StaysLiveAsync(first, outcome);
    }

    [Fact]
    public async Task A_release_that_fails_verification_after_a_contract_waits_for_a_person()
    {
        await FirstAsync();
        _project.Behave("""{"failNotes":true}""");
        _project.AddMigration("20260102000000_body", "ALTER TABLE notes ADD COLUMN body text;", verdict: "contract");
        _project.Commit("bad notes");

        var outcome = await _project.DeployAsync();

        Assert.Equal(4, outcome.ExitCode);
        Assert.True(_project.IsLocked);
        Assert.Contains("held", _project.Lock, StringComparison.Ordinal);
        var next = await _project.DeployAsync();
        Assert.Equal(3, next.ExitCode);
        Assert.Contains("Unlock", next.Output, StringComparison.Ordinal);
        var unlock = await _project.RunAsync("Unlock", "--env", "local", "--reason", "looked at it");
        Assert.Equal(0, unlock.ExitCode);
        Assert.False(_project.IsLocked);
    }

    [Fact]
    public async Task An_error_in_the_log_after_the_switch_switches_back()
    {
        var first = await FirstAsync();
        _project.Behave("""{"logErrors":true}""");
        _project.Commit("noisy");

        var outcome = await _project.DeployAsync();

        Assert.Equal(1, outcome.ExitCode);
        await StaysLiveAsync(first, outcome);
    }

    [Fact]
    public async Task A_command_that_prints_its_secrets_leaves_none_of_them_anywhere()
    {
        await FirstAsync();
        _project.Configure(settings =>
            settings["release"]!["build"] = new System.Text.Json.Nodes.JsonArray(
                "sh",
                "-c",
                "echo \"build failed: $DATABASE_URL $ACCESS_TOKEN_SECRET\" >&2; exit 7"
            )
        );
        _project.Commit("leak");
        const string Secret = "not/for&the+\"record\" of 40 characters or so";
        var summary = _project.PathOf(".nuke/temp/summary.md");
        var variables = new Dictionary<string, string>
        {
            ["ACCESS_TOKEN_SECRET"] = Secret,
            ["GITHUB_STEP_SUMMARY"] = summary,
        };

        using var run = _project.Start(variables, "Deploy", "--env", "local");
        var outcome = await run.EndAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("build failed: ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("REDACTED", await File.ReadAllTextAsync(summary, TestContext.Current.CancellationToken));
        string[] kept =
        [
            summary,
            .. Directory.GetFiles(_project.PathOf(".nuke/temp"), "build*.log"),
            .. Directory.GetFiles(_project.PathOf(".nuke/temp/runs"), "*", SearchOption.AllDirectories),
            .. Directory.GetFiles(_project.PathOf(".nuke/temp/local/store"), "*", SearchOption.AllDirectories),
        ];
        Assert.All(
            kept.Select(File.ReadAllText).Append(outcome.Output),
            text =>
            {
                Assert.DoesNotContain("for&the", text, StringComparison.Ordinal);
                Assert.DoesNotContain("for&amp;the", text, StringComparison.Ordinal);
                Assert.DoesNotMatch(@"postgresql://[^:@/ ]+:(?!\[REDACTED\]|\*\*\*)[^@/ ]+@", text);
            }
        );
    }

    [Fact]
    public async Task A_chain_without_its_first_step_is_refused_before_anything_runs()
    {
        var first = await FirstAsync();

        var outcome = await _project.RunAsync("Deploy", "--env", "local", "--skip", "Preflight");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("Preflight was skipped", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(" Resume --env local", outcome.Output, StringComparison.Ordinal);
        await StaysLiveAsync(first);
    }

    [Fact]
    public async Task Rollback_goes_to_the_last_verified_release_and_never_to_a_failed_one()
    {
        var first = await FirstAsync();
        _project.Behave("""{"failNotes":true}""");
        _project.Commit("bad");
        Assert.Equal(1, (await _project.DeployAsync()).ExitCode);
        _project.Behave("""{"startDelayMs":1}""");
        var third = _project.Commit("good");
        await _project.DeployWellAsync();
        Assert.Equal(third, await _project.LiveAsync());

        var outcome = await _project.RunAsync("Rollback", "--env", "local");

        Assert.True(outcome.ExitCode == 0, outcome.Output);
        Assert.Equal(first, await _project.LiveAsync());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _project.DisposeAsync();

    private async Task<string> FirstAsync()
    {
        await _project.DeployWellAsync();
        return (await _project.LiveAsync())!;
    }

    private async Task StaysLiveAsync(string release)
    {
        Assert.Equal(release, await _project.LiveAsync());
        Assert.False(_project.IsLocked);
    }

    private async Task StaysLiveAsync(string release, Outcome outcome)
    {
        await StaysLiveAsync(release);
        Assert.Contains("State", outcome.Output, StringComparison.OrdinalIgnoreCase);
    }
}

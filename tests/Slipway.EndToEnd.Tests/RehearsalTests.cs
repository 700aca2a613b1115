using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Migrations are tried on the restored backup before they touch the database.</summary>
public sealed class RehearsalTests : IAsyncLifetime
{
    private const string Name = "20260102000000_change";
    private readonly Project _project = new();

    [Fact]
    public async Task What_was_proven_may_be_undone_and_what_was_not_may_not()
    {
        await _project.DeployWellAsync();
        _project.AddMigration(Name, "ALTER TABLE notes ADD COLUMN body text;", verdict: null);
        _project.Write($"migrations/{Name}/down.sql", "ALTER TABLE notes DROP COLUMN body;");
        _project.Commit("second");
        var deploy = await _project.DeployWellAsync();
        Assert.Contains("undo: proven, nothing lost", deploy.Output, StringComparison.Ordinal);
        await _project.RunAsync("Rollback", "--env", "local");

        var undone = await _project.RunAsync("MigrateRollback", "--env", "local");

        Assert.True(undone.ExitCode == 0, undone.Output);
        _project.AddMigration(Name, "UPDATE notes SET title = 'x';", verdict: null);
        _project.Write($"migrations/{Name}/down.sql", "UPDATE notes SET title = 'y';");
        _project.Commit("third");
        var third = await _project.DeployWellAsync();
        Assert.Contains("undo: loses something", third.Output, StringComparison.Ordinal);
        await _project.RunAsync("Rollback", "--env", "local", "--reason", "test");
        var refused = await _project.RunAsync("MigrateRollback", "--env", "local");
        Assert.True(refused.ExitCode == 3, refused.Output);
        Assert.Contains("rows of public.notes have other values than before", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_seen_decides_the_way_back()
    {
        await _project.DeployWellAsync();
        _project.AddMigration(
            Name,
            "ALTER TABLE notes ADD COLUMN body text NOT NULL DEFAULT ''; ALTER TABLE notes ALTER title SET DEFAULT '';",
            verdict: null
        );
        _project.Behave("""{"failNotes":true}""");
        _project.Commit("bad notes");

        var outcome = await _project.DeployAsync();

        // Without a rehearsal it would count as a contract, and a person would have to decide.
        Assert.True(outcome.ExitCode == 1, outcome.Output);
        Assert.False(_project.IsLocked, outcome.Output);
    }

    [Fact]
    public async Task A_live_release_that_fails_on_the_copy_makes_a_contract_and_its_way_back_a_persons()
    {
        _project.Behave("""{"query":"SELECT title FROM notes"}""");
        _project.Commit("first");
        await _project.DeployWellAsync();
        _project.AddMigration(Name, "ALTER TABLE notes RENAME title TO headline;", verdict: null);
        _project.Behave("""{"query":"SELECT headline FROM notes","failNotes":true}""");
        var second = _project.Commit("second");

        var rehearsal = await _project.RunAsync("Rehearse", "--env", "local");
        var deploy = await _project.DeployAsync();

        Assert.True(rehearsal.ExitCode == 0, rehearsal.Output);
        Assert.Matches(
            @"the live release fails on it: \S+critical.hurl:6: .*POST http://127.0.0.1:\d+/api/notes: status: expected 201, got 500",
            string.Join(' ', rehearsal.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        );
        Assert.True(deploy.ExitCode == 4, deploy.Output);
        Assert.Matches($"{Name} +contract", deploy.Output.Split("way back")[0]);
        Assert.Contains("a person decides", deploy.Output, StringComparison.Ordinal);
        Assert.Contains(
            "migrations that the old release may not run on are applied",
            deploy.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(second, await _project.LiveAsync());
        Assert.True(_project.IsLocked, deploy.Output);
    }

    [Fact]
    public async Task What_is_over_the_budget_is_refused_before_anything_is_touched()
    {
        await _project.DeployWellAsync();
        _project.Configure(settings =>
            settings["migrations"]!["rehearsal"] = System.Text.Json.Nodes.JsonNode.Parse(
                """{ "mode": "block", "rows": 1 }"""
            )
        );
        _project.AddMigration(Name, "UPDATE notes SET title = 'x';");
        _project.Commit("second");

        var outcome = await _project.DeployAsync();

        Assert.True(outcome.ExitCode == 3, outcome.Output);
        Assert.Contains("more than environment local allows", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("in batches", outcome.Output, StringComparison.Ordinal);
        var status = await _project.RunAsync("MigrateStatus", "--env", "local");
        Assert.Contains("pending", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_kill_in_a_rehearsal_the_next_run_puts_things_right()
    {
        await _project.DeployWellAsync();
        _project.AddMigration(Name, "SELECT pg_sleep(600) WHERE current_database() LIKE '%_rehearsal_%';");
        _project.Commit("second");
        using (var run = _project.Start("Deploy", "--env", "local"))
        {
            await run.SeesAsync($"trying {Name}");
            run.KillHard();
            await run.EndAsync();
        }

        _project.AddMigration(Name, "ALTER TABLE notes ADD COLUMN body text;");
        _project.Commit("third");

        var outcome = await _project.DeployAsync();

        Assert.True(outcome.ExitCode == 0, outcome.Output);
        Assert.Contains("which a run that was killed had left half-made", outcome.Output, StringComparison.Ordinal);
    }

    public ValueTask InitializeAsync()
    {
        _project.AddMigration(
            "20260101120000_rows",
            "INSERT INTO notes (title) SELECT 'n' || n FROM generate_series(1, 9) AS n;"
        );
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _project.DisposeAsync();
}

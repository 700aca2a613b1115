using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>The environment of a team: its own deploy commands, a pinned server, an approved plan, Slack.</summary>
public sealed partial class TeamTests : IAsyncLifetime
{
    private readonly Project _project = new();
    private string _pin = "";

    [Fact]
    public async Task A_plan_is_approved_by_typing_its_hash()
    {
        await PinAsync(_ => { });
        var plan = await _project.RunAsync("Deploy", "--env", "team", "--dry-run");
        var hash = PlanPattern().Match(plan.Output).Groups["hash"].Value;

        var refused = await _project.RunAsync("Deploy", "--env", "team");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("standard input is no terminal", refused.Output, StringComparison.Ordinal);
        Assert.False(IsLocked);

        var wrong = await AtTerminalAsync("team 00000000", "yes", "");
        Assert.Equal(3, wrong.ExitCode);
        Assert.False(IsLocked);

        var right = await AtTerminalAsync($"team {hash}");
        Assert.True(right.ExitCode == 0, right.Output);
        Assert.Equal(_project.Head, await _project.LiveAsync());
    }

    [Fact]
    public async Task A_job_of_the_github_environment_needs_no_terminal_and_fails_back_by_the_teams_own_command()
    {
        await PinAsync(_ => { });
        var first = _project.Head;
        var well = await FromGitHubAsync();
        Assert.True(well.ExitCode == 0, well.Output);
        Assert.True(await _project.LiveAsync() == first, well.Output);
        _project.Behave("""{"failNotes":true}""");
        _project.Commit("bad notes");

        var outcome = await FromGitHubAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"shipping {first} in place of", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(first, await _project.LiveAsync());
        Assert.False(IsLocked);
    }

    [Fact]
    public async Task A_deploy_command_without_a_way_back_waits_for_a_person()
    {
        await PinAsync(settings =>
        {
            settings["release"]!["deploy"] = new JsonArray("sh", "-c", "echo half way >&2; exit 7");
            settings["release"]!.AsObject().Remove("rollback");
        });

        var outcome = await FromGitHubAsync();

        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains("ended with exit code 7: half way", outcome.Output, StringComparison.Ordinal);
        Assert.True(IsLocked);
    }

    [Fact]
    public async Task A_deploy_command_that_hangs_is_ended()
    {
        await PinAsync(settings =>
        {
            settings["release"]!["deploy"] = new JsonArray("sh", "-c", "sleep 600 & sleep 600");
            settings["release"]!["timeout"] = "2s";
        });

        var outcome = await FromGitHubAsync();

        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains("did not finish within 00:00:02", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_kill_in_the_deploy_command_a_person_is_asked_who_serves()
    {
        await PinAsync(settings => settings["release"]!["deploy"] = new JsonArray("sh", "-c", "sleep 15"));
        var variables = new Dictionary<string, string>
        {
            ["GITHUB_ACTIONS"] = "true",
            ["SLIPWAY_GITHUB_ENVIRONMENT"] = "team",
        };
        using (var run = _project.Start(variables, "Deploy", "--env", "team"))
        {
            await run.SeesAsync("sleep 15");
            run.KillHard();
            await run.EndAsync();
        }

        var asked = await FromGitHubAsync();

        Assert.True(asked.ExitCode == 4, asked.Output);
        Assert.Contains("It is not known whether users are on release", asked.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("never served", asked.Output, StringComparison.Ordinal);
        Assert.True(IsLocked);
        Assert.Equal(3, (await FromGitHubAsync()).ExitCode);
        await PinAsync(_ => { });
        using var resume = _project.Start(variables, "Resume", "--env", "team");
        var resumed = await resume.EndAsync();
        Assert.True(resumed.ExitCode == 0, resumed.Output);
        Assert.Equal(_project.Head, await _project.LiveAsync());
    }

    [Fact]
    public async Task A_deploy_command_that_is_stopped_takes_its_children_along()
    {
        await PinAsync(settings =>
        {
            settings["release"]!["deploy"] = new JsonArray(
                "sh",
                "-c",
                "(sleep 4; echo went on >.nuke/temp/child) >/dev/null 2>&1 & sleep 600"
            );
            settings["release"]!["timeout"] = "1s";
        });

        var outcome = await FromGitHubAsync();
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);

        Assert.Equal(4, outcome.ExitCode);
        Assert.False(File.Exists(_project.PathOf(".nuke/temp/child")));
    }

    [Fact]
    public async Task A_clone_of_the_server_is_refused()
    {
        await PinAsync(settings => settings["database"]!["address"] = "10.0.0.5:5432");

        var outcome = await FromGitHubAsync();

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("environment team is pinned to 10.0.0.5:5432", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slack_is_told_and_a_broken_slack_stops_nothing()
    {
        await PinAsync(settings => settings["slack"] = new JsonObject());
        using var slack = new SlackServer();
        var told = await FromGitHubAsync(slack.Url);
        Assert.True(told.ExitCode == 0, told.Output);
        Assert.Equal(2, slack.Bodies.Count);
        Assert.Contains("started", slack.Bodies.First(), StringComparison.Ordinal);
        Assert.Contains("is live", slack.Bodies.Last(), StringComparison.Ordinal);
        using var broken = new SlackServer(status: 503, delay: TimeSpan.FromSeconds(3));
        _project.Write("app/readme.txt", "another release");
        _project.Commit("another");

        var outcome = await FromGitHubAsync(broken.Url);

        Assert.True(outcome.ExitCode == 0, outcome.Output);
        Assert.Contains("Slack was not told", outcome.Output, StringComparison.Ordinal);
        var shown = outcome
            .Output.Split('\n')
            .Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal));
        Assert.DoesNotContain(shown, line => line.Contains("swordfish", StringComparison.Ordinal));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await new Run(["sh", "-c", "kill $(cat .nuke/temp/pid)"], _project.Folder).EndAsync();
        await _project.DisposeAsync();
    }

    private bool IsLocked => File.Exists(_project.PathOf(".nuke/temp/local/store/locks/team.json"));

    // Does what the refusal of an unpinned server says.
    private async Task PinAsync(Action<JsonObject> change)
    {
        if (_pin.Length == 0)
        {
            _project.ConfigureTeam(_ => { });
            var refused = await _project.RunAsync("Deploy", "--env", "team");
            Assert.Equal(3, refused.ExitCode);
            _pin = PinPattern().Match(refused.Output).Groups["pin"].Value;
            Assert.True(_pin.Length > 0, refused.Output);
        }

        _project.ConfigureTeam(settings =>
        {
            settings["database"] = JsonNode.Parse(_pin);
            change(settings);
        });
    }

    private async Task<Outcome> FromGitHubAsync(string? slack = null)
    {
        var variables = new Dictionary<string, string>
        {
            ["GITHUB_ACTIONS"] = "true",
            ["SLIPWAY_GITHUB_ENVIRONMENT"] = "team",
        };
        if (slack is not null)
        {
            variables["SLACK_WEBHOOK_URL"] = slack;
        }

        using var run = _project.Start(variables, "Deploy", "--env", "team");
        return await run.EndAsync();
    }

    private async Task<Outcome> AtTerminalAsync(params string[] lines)
    {
        var command = $"{Project.BuildScript} Deploy --env team --root {_project.Folder}";
        using var run = new Run(["script", "-qec", command, "/dev/null"], _project.Folder, typed: true);
        await run.SeesAsync("To approve, type");
        foreach (var line in lines)
        {
            await run.TypeAsync(line);
        }

        return await run.EndAsync();
    }

    [GeneratedRegex(@"""database"": (?<pin>\{[^}]*\})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PinPattern();

    [GeneratedRegex(@"plan +(?<hash>[0-9a-f]{8})\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PlanPattern();
}

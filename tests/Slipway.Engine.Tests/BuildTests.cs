using System.Text.RegularExpressions;
using Slipway.EndToEnd.Tests.Support;
using Slipway.Tests.Support;

namespace Slipway.Engine.Tests;

/// <summary>A real build, started as a person starts it.</summary>
public sealed partial class BuildTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("slipway-engine-");

    public BuildTests() => _root.CreateSubdirectory(".nuke");

    [Fact]
    public async Task Runs_dependencies_first_and_what_is_triggered_last()
    {
        var outcome = await RunAsync("Deploy", "--env", "prod");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["Backup", "Migrate", "Deploy", "Conclude, failing: False"], Did(outcome));
    }

    [Fact]
    public async Task Runs_only_the_assured_targets_after_a_failure()
    {
        var outcome = await RunAsync("Deploy", "--env", "prod", "--fail-at", "Migrate");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(["Backup", "Migrate", "Conclude, failing: True"], Did(outcome));
        Assert.Contains("Migrate broke", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_skips_an_assured_target()
    {
        var outcome = await RunAsync("Deploy", "--env", "prod", "--skip", "Conclude", "Backup");

        Assert.Equal(["Migrate", "Deploy", "Conclude, failing: False"], Did(outcome));
    }

    [Fact]
    public async Task Skips_a_target_whose_condition_does_not_hold()
    {
        Assert.Empty(Did(await RunAsync("Optional")));
        Assert.Equal(["Optional"], Did(await RunAsync("Optional", "--allowed")));
    }

    [Theory]
    [InlineData("Show --env=a --replicas=3 --machines=x,y --allowed=false", "a 3 [x|y] False")]
    [InlineData("Show --env a --replicas -3 --machines x y --allowed", "a -3 [x|y] True")]
    public async Task Takes_every_way_to_write_a_value(string words, string shown) =>
        Assert.Contains(shown, (await RunAsync(words.Split(' '))).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Prefers_command_line_to_environment_to_file()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_root.FullName, ".nuke", "parameters.json"),
            """{ "Env": "file", "Replicas": 7, "Machines": ["m"] }""",
            TestContext.Current.CancellationToken
        );

        var outcome = await RunAsync(
            new Dictionary<string, string> { ["NUKE_ENV"] = "variable", ["NUKE_REPLICAS"] = "8" },
            "Show",
            "--env",
            "line"
        );

        Assert.Contains("line 8 [m] False", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_no_variable_that_happens_to_have_a_parameters_name()
    {
        var outcome = await RunAsync(
            new Dictionary<string, string>
            {
                ["ENV"] = "somebody's",
                ["Env"] = "somebody's",
                ["REPLICAS"] = "8",
                ["nuke_machines"] = "m",
            },
            "Show"
        );

        Assert.DoesNotContain("somebody's", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(" 1 [m] False", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Says_all_of_a_failure_once_and_how_to_go_on_from_here(string github)
    {
        var variables = github is "true" ? new Dictionary<string, string> { ["GITHUB_ACTIONS"] = github } : [];

        var outcome = await RunAsync(variables, "Refuse", "--root", _root.FullName);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal(2, outcome.Output.Split("for more reasons than fit a line").Length);
        Assert.Equal(2, outcome.Output.Split("HINT:").Length);
        Assert.Contains($"./build.sh --root {_root.FullName} Look --env x", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("[ERR] Refuse: it is refused", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_environment_that_was_worked_on_in_commands_without_one()
    {
        var outcome = await RunAsync("Refuse", "--env", "prod", "--root", _root.FullName);

        var start = $"./build.sh --root {_root.FullName}";
        Assert.Contains(
            $"HINT: look with: {start} Look --env x, or: {start} Look --env prod",
            outcome.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Does_not_call_a_success_what_ends_with_a_code()
    {
        var outcome = await RunAsync("Look");

        Assert.Equal(10, outcome.ExitCode);
        Assert.Contains("Build ended with exit code 10 on", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("succeeded on", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deplyo --env x", "Deploy")]
    [InlineData("Deploy --evn x", "--env")]
    [InlineData("Deploy", "--env")]
    [InlineData("Show --replicas many", "many")]
    [InlineData("Show --allowed=perhaps", "perhaps")]
    [InlineData("Deploy --env x --skip Bakcup", "Backup")]
    public async Task Refuses_what_it_does_not_understand_before_anything_runs(string words, string named)
    {
        var outcome = await RunAsync(words.Split(' '));

        Assert.True(outcome.ExitCode == 2, outcome.Output);
        Assert.Contains(named, outcome.Output, StringComparison.Ordinal);
        Assert.Empty(Did(outcome));
    }

    [Fact]
    public async Task Prints_no_secret_however_it_is_written()
    {
        var outcome = await RunAsync("Leak", "--api-key", "hush hush!");

        Assert.Equal(1, outcome.ExitCode);
        Assert.DoesNotContain("hush hush!", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("another secret", outcome.Output, StringComparison.Ordinal);
        Assert.All(
            Directory.GetFiles(Path.Combine(_root.FullName, ".nuke"), "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain("hush hush!", File.ReadAllText(file), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Prints_no_part_of_a_secret_that_is_longer_than_a_cell_of_the_table()
    {
        var secret = string.Join('|', Enumerable.Range(100, 40));
        var summary = Path.Combine(_root.FullName, "summary.md");
        var variables = new Dictionary<string, string>
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_STEP_SUMMARY"] = summary,
        };

        var local = await RunAsync("Leak", "--api-key", secret);
        await RunAsync(variables, "Leak", "--api-key", secret);

        var summed = await File.ReadAllTextAsync(summary, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("110", local.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("110", summed, StringComparison.Ordinal);
        Assert.Contains("*** and ***", local.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 130)]
    [InlineData(true, 143)]
    public async Task Cancels_the_running_target_then_runs_the_assured_ones(bool terminate, int exitCode)
    {
        using var run = Start(null, "Wait");
        await run.SeesAsync("waiting");
        if (terminate)
        {
            run.Terminate();
        }
        else
        {
            run.Interrupt();
        }

        var outcome = await run.EndAsync();

        Assert.True(outcome.ExitCode == exitCode, outcome.Output);
        Assert.Equal(["Conclude, failing: True"], Did(outcome));
        Assert.Contains("Aborted", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_it_waits_for_when_a_target_does_not_stop()
    {
        using var run = Start(null, "Deaf");
        await run.SeesAsync("deaf");
        run.Interrupt();

        var outcome = await run.EndAsync();

        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains("still waiting for Deaf to stop, 1 s of 4 s", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("a second signal kills at once", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_programs_and_fails_with_what_they_say()
    {
        var outcome = await RunAsync("Call");

        Assert.Contains("2 lines: called", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("exited with code 7", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("   broken", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(1, outcome.ExitCode);
    }

    [Fact]
    public async Task Refuses_to_start_without_a_program_that_a_target_requires()
    {
        var outcome = await RunAsync("CallMissing");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("The program of 'Missing' must be on PATH", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_what_was_printed_in_the_log_of_the_run()
    {
        await RunAsync("Call");
        await RunAsync("Leak", "--api-key", "hush hush!");

        var logs = Directory
            .GetFiles(Path.Combine(_root.FullName, ".nuke", "temp"), "build.*-*.log")
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllText)
            .ToList();
        Assert.Contains("|   | Call                 | 2 lines: called", logs[0], StringComparison.Ordinal);
        Assert.Contains("|   | Call                 | green 100 %", logs[0], StringComparison.Ordinal);
        Assert.Contains("|   | Leak                 | ***", logs[1], StringComparison.Ordinal);
        Assert.All(logs, log => Assert.DoesNotContain('\e', log));
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("plan", "Deploy --env prod --plan")]
    [InlineData("success", "Deploy --env prod")]
    [InlineData("failure", "Deploy --env prod --fail-at Migrate")]
    [InlineData("usage", "Deplyo --evn x --replicas many")]
    public async Task Prints_what_was_agreed(string variant, string words)
    {
        var outcome = await RunAsync(words.Split(' '));

        Assert.All(
            outcome.Output.Split('\n').Where(line => !line.Contains("   at ", StringComparison.Ordinal)),
            line => Assert.InRange(line.Length, 0, 100)
        );
        Approval.Match(Stable(outcome.Output), variant: variant);
    }

    [Fact]
    public async Task Speaks_githubs_language_there()
    {
        var summary = Path.Combine(_root.FullName, "summary.md");
        var variables = new Dictionary<string, string>
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_STEP_SUMMARY"] = summary,
        };

        var outcome = await RunAsync(
            variables,
            "Deploy",
            "--env",
            "prod",
            "--fail-at",
            "Migrate",
            "--api-key",
            "hush hush!"
        );

        Approval.Match(Stable(outcome.Output));
        Assert.Contains(
            "| Migrate | Failed |",
            await File.ReadAllTextAsync(summary, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Writes_the_schema_that_editors_complete_from()
    {
        await RunAsync("Optional");

        var path = Path.Combine(_root.FullName, ".nuke", "build.schema.json");
        Approval.Match(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), "json");
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static string[] Did(Outcome outcome) =>
        [
            .. outcome
                .Output.Split('\n')
                .Where(line => line.StartsWith("did ", StringComparison.Ordinal))
                .Select(line => line[4..]),
        ];

    private Task<Outcome> RunAsync(params string[] words) => RunAsync(null, words);

    private async Task<Outcome> RunAsync(Dictionary<string, string>? variables, params string[] words)
    {
        using var run = Start(variables, words);
        return await run.EndAsync();
    }

    private Run Start(Dictionary<string, string>? variables, params string[] words) =>
        new(
            [
                "dotnet",
                Path.Combine(AppContext.BaseDirectory, "Slipway.Engine.TestBuild.dll"),
                .. words,
                "--root",
                _root.FullName,
            ],
            _root.FullName,
            variables
        );

    // Times, places and line numbers differ from run to run; everything else must not.
    private string Stable(string output) =>
        Moment()
            .Replace(
                Place()
                    .Replace(
                        Trace().Replace(output.Replace(_root.FullName, "<root>", StringComparison.Ordinal), ""),
                        "::error <place>"
                    ),
                "<time>"
            );

    [GeneratedRegex(@"^\s+at .*\n|^--- End of stack.*\n", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Trace();

    [GeneratedRegex(@"::error file=[^,]*,line=\d+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();

    [GeneratedRegex(
        @"\d\d\d\d-\d\d-\d\d|\d\d/\d\d/\d\d\d\d|\d\d:\d\d:\d\d( [+-]\d\d:\d\d)?",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Moment();
}

using Microsoft.Extensions.Time.Testing;
using Slipway.Approvals;
using Slipway.Runs;
using Slipway.Settings;
using SilentReader = Slipway.Tests.Support.SilentReader;

namespace Slipway.Tests.Approvals;

public sealed class ApprovalGateTests : IDisposable
{
    private static readonly DeployPlan Plan = new()
    {
        Environment = "prod",
        Release = "1a2b3c4d5e6f",
        Live = "0a1b2c3d4e5f",
        Database = "postgresql://app@db/app, system 7",
        Strategy = "command",
        Pending = [new("20260101000000_notes", new('a', 64), "expand")],
    };

    private readonly StringWriter _output = new();

    [Fact]
    public async Task Lets_through_what_needs_no_approval()
    {
        var approval = await AskAsync("", required: false, canAsk: false);

        Assert.Equal("not required", approval.How);
        Assert.Equal(Plan.Hash, approval.PlanHash);
    }

    [Fact]
    public async Task Takes_the_environment_and_the_hash_of_the_plan()
    {
        var approval = await AskAsync($"  prod {Plan.ShortHash} \n");

        Assert.Equal(("typed", Plan.Hash), (approval.How, approval.PlanHash));
        Assert.Contains($"prod {Plan.ShortHash}", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_a_second_and_a_third_chance_to_a_typing_error()
    {
        var approval = await AskAsync($"yes\nprod\nprod {Plan.ShortHash}\n");

        Assert.Equal("typed", approval.How);
    }

    [Theory]
    [InlineData("yes\ny\nprod\n")]
    [InlineData("staging 00000000\nprod 00000000\nPROD\n")]
    [InlineData("")]
    public async Task Refuses_another_answer(string typed)
    {
        var error = await Assert.ThrowsAsync<SlipwayException>(() => AskAsync(typed));

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains(
            $"Plan {Plan.ShortHash} for environment prod was not approved",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Refuses_when_nobody_can_be_asked()
    {
        var error = await Assert.ThrowsAsync<SlipwayException>(() =>
            AskAsync($"prod {Plan.ShortHash}\n", canAsk: false)
        );

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("standard input is no terminal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_waiting_for_an_answer_when_the_run_is_interrupted()
    {
        using var silent = new SilentReader();
        using var interrupted = new CancellationTokenSource();
        var asking = Gate(silent, TimeProvider.System).AskAsync(Plan, required: true, interrupted.Token);
        await silent.Reading;

        await interrupted.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task Refuses_when_nobody_answers()
    {
        using var silent = new SilentReader();
        var time = new FakeTimeProvider();
        var asking = Gate(silent, time).AskAsync(Plan, required: true, TestContext.Current.CancellationToken);
        await silent.Reading;

        // The wait may begin a moment after the read.
        while (!asking.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(15));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<SlipwayException>(() => asking);
        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("nobody answered within 15:00 min", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_the_word_of_the_reviewers_of_a_github_environment()
    {
        var approval = await AskAsync("", canAsk: false, variables: GitHub("prod"));

        Assert.Equal("reviewers of GitHub environment prod, started by ana", approval.Who);
        Assert.Equal("run https://github.com/acme/notes/actions/runs/42", approval.How);
    }

    [Theory]
    [InlineData("staging", "true")]
    [InlineData("prod", "false")]
    public async Task Takes_no_word_for_another_environment_or_outside_of_github(string environment, string actions)
    {
        var variables = GitHub(environment);
        variables["GITHUB_ACTIONS"] = actions;

        await Assert.ThrowsAsync<SlipwayException>(() => AskAsync("", canAsk: false, variables: variables));
    }

    public void Dispose() => _output.Dispose();

    private static Dictionary<string, string> GitHub(string environment) =>
        new()
        {
            ["GITHUB_ACTIONS"] = "true",
            ["SLIPWAY_GITHUB_ENVIRONMENT"] = environment,
            ["GITHUB_ACTOR"] = "ana",
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_REPOSITORY"] = "acme/notes",
            ["GITHUB_RUN_ID"] = "42",
        };

    private ApprovalGate Gate(TextReader input, TimeProvider time) =>
        new(new(_output, interactive: false, time), input, canAsk: true, new Dictionary<string, string>());

    private Task<Approval> AskAsync(
        string typed,
        bool required = true,
        bool canAsk = true,
        IReadOnlyDictionary<string, string>? variables = null
    ) =>
        new ApprovalGate(
            new(_output, interactive: false, TimeProvider.System),
            new StringReader(typed),
            canAsk,
            variables ?? new Dictionary<string, string>()
        ).AskAsync(Plan, required, TestContext.Current.CancellationToken);
}

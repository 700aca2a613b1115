using Nuke.Common.Execution;
using Nuke.Common.Output;

namespace Slipway.Engine.Tests.Execution;

public sealed class BuildExecutorTests : IDisposable
{
    private readonly TestBuild _build = new();
    private readonly StringWriter _console = new();

    [Fact]
    public void Runs_the_plan_in_order()
    {
        Assert.Null(Run("Deploy").ExitCode);

        Assert.Equal(["Backup", "Migrate", "Deploy", "Conclude"], _build.Ran);
        Assert.True(_build.IsSucceeding);
    }

    [Fact]
    public void Runs_the_assured_targets_after_a_failure_and_nothing_else()
    {
        _build.Fails = true;

        Assert.Equal(1, Run("Deploy").ExitCode);

        Assert.Equal(["Backup", "Migrate", "Conclude"], _build.Ran);
        Assert.Equal(ExecutionStatus.NotRun, Status("Deploy"));
        Assert.Contains("boom", _console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Never_skips_an_assured_target_by_parameter()
    {
        Run("Deploy", skipped: ["Conclude", "Backup"]);

        Assert.Equal(["Migrate", "Deploy", "Conclude"], _build.Ran);
    }

    [Fact]
    public void Skips_a_target_whose_condition_does_not_hold_and_says_which()
    {
        _build.Allowed = false;

        Run("Notify");

        Assert.Empty(_build.Ran);
        Assert.Equal("Allowed", _build.ExecutionPlan.Single().OnlyWhen);
    }

    public void Dispose() => _console.Dispose();

    private ExecutionStatus Status(string name) => _build.ExecutionPlan.First(target => target.Name == name).Status;

    private BuildExecutor Run(string name, IReadOnlyCollection<string>? skipped = null)
    {
        var targets = _build.Targets;
        var named = targets.First(target => target.Name == name);
        named.Invoked = true;
        var plan = Planner.Plan(targets, [named]);
        plan.ToList().ForEach(target => target.Status = ExecutionStatus.Scheduled);
        _build.ExecutionPlan = [.. plan];
        var output = new BuildOutput(_console, TextWriter.Null, colour: false, gitHub: false, "/");
        using var interruption = new Interruption(_ => { });
        var executor = new BuildExecutor(_build, output, interruption, TimeSpan.FromSeconds(5));
        executor.Execute(skipped);
        return executor;
    }
}

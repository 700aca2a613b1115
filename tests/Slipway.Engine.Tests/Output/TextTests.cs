using Nuke.Common.Execution;
using Nuke.Common.Output;
using Nuke.Common.Parameters;
using Slipway.Tests.Support;

namespace Slipway.Engine.Tests.Output;

public sealed class TextTests
{
    private readonly TestBuild _build = new();
    private readonly IReadOnlyList<ExecutableTarget> _targets;

    public TextTests() => _targets = _build.Targets;

    private IReadOnlyList<ExecutableTarget> Plan =>
        Planner.Plan(_targets, [_targets.First(target => target.Name == "Deploy")]);

    [Fact]
    public void The_help_is_as_it_was_agreed() =>
        Approval.Match(HelpText.Help(_targets, ParameterMember.Of(typeof(TestBuild)), _build));

    [Fact]
    public void The_plan_is_as_it_was_agreed() => Approval.Match(HelpText.Plan(Plan));

    [Fact]
    public void The_schema_is_as_it_was_agreed() =>
        Approval.Match(BuildSchema.Text(_targets, ParameterMember.Of(typeof(TestBuild))), "json");

    [Fact]
    public void The_table_of_a_failed_run_fits_100_columns()
    {
        var plan = Plan;
        plan[0].Status = ExecutionStatus.Succeeded;
        plan[0].Duration = TimeSpan.FromSeconds(75);
        plan[0].SummaryInformation[""] = "3.0 MB, 65000 rows, read back";
        plan[1].Status = ExecutionStatus.Failed;
        plan[1].SummaryInformation["error"] =
            string.Join(' ', Enumerable.Repeat("a long story", 20)) + new string('x', 120);
        plan[2].Status = ExecutionStatus.NotRun;
        plan[3].Status = ExecutionStatus.Succeeded;

        var table = SummaryTable.Text(plan);

        Assert.All(table.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Approval.Match(table);
        Approval.Match(SummaryTable.Markdown(plan), "md");
    }
}

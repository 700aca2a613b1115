using System.Text;
using CsCheck;
using Slipway.Runs;
using Slipway.Tests.Support;

namespace Slipway.Tests.Runs;

public sealed class WayBackDecisionTests
{
    private static readonly FailurePoint[] Every =
    [
        .. from stage in Enum.GetValues<Stage>()
        from schema in Enum.GetValues<AppliedSchema>()
        from migration in Enum.GetValues<FailedMigration>()
        from previous in new[] { true, false }
        from live in new[] { true, false }
        from back in new[] { true, false }
        select new FailurePoint(stage, schema, migration, previous, live, back),
    ];

    private static readonly Gen<FailurePoint> Points = Gen.OneOfConst(Every);

    [Fact]
    public void Code_goes_back_only_to_a_verified_release_that_runs_on_the_schema() =>
        Points.Sample(point =>
            WayBackDecision.For(point).Action is not WayBack.CodeBack
            || (point.HasPrevious && point.CanSwitchBack && point.IsSwitched && RunsOn(point.Schema))
        );

    [Fact]
    public void Nothing_is_done_before_anything_was_changed() =>
        Points.Sample(point =>
            point.Stage >= Stage.MigrateDeploy
            || point.Migration is not (FailedMigration.None or FailedMigration.UndidItself)
            || WayBackDecision.For(point).Action is WayBack.Stop
        );

    [Fact]
    public void A_schema_in_an_unknown_state_always_waits_for_a_person() =>
        Points.Sample(point =>
            point.Migration is not (FailedMigration.HalfApplied or FailedMigration.StateUnknown)
            || WayBackDecision.For(point).Action is WayBack.AskPerson
        );

    [Fact]
    public void A_release_is_removed_only_while_nobody_is_on_it() =>
        Points.Sample(point => WayBackDecision.For(point).Action is not WayBack.RemoveRelease || !point.IsSwitched);

    [Fact]
    public void A_schema_that_the_live_release_may_not_run_on_always_waits_for_a_person() =>
        Points.Sample(point =>
            point.Stage < Stage.MigrateDeploy
            || RunsOn(point.Schema)
            || !(point.IsLive || point.HasPrevious)
            || WayBackDecision.For(point).Action is WayBack.AskPerson
        );

    [Fact]
    public void The_whole_table_is_as_it_was_agreed()
    {
        var table = new StringBuilder(
            "| failed in | schema | migration | previous | live | command | way back |\n|---|---|---|---|---|---|---|\n"
        );
        foreach (var point in Every)
        {
            var decision = WayBackDecision.For(point);
            table.Append(
                $"| {point.Stage} | {point.Schema} | {point.Migration} | {Yes(point.HasPrevious)} | {Yes(point.IsLive)} | {Yes(point.CanSwitchBack)} | {decision.Action}: {decision.Reason} |\n"
            );
        }

        Approval.Match(table.ToString(), "md");
    }

    private static bool RunsOn(AppliedSchema schema) => schema is AppliedSchema.NoneApplied or AppliedSchema.AllExpand;

    private static string Yes(bool value) => value ? "yes" : "no";
}

namespace Slipway.Runs;

/// <summary>Decides how to get back. Code goes back first and by itself; the schema never does.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Reason">Why, for the person who reads it.</param>
public sealed record WayBackDecision(WayBack Action, string Reason)
{
    /// <summary>The decision for a failure.</summary>
    public static WayBackDecision For(FailurePoint point) =>
        point.Migration switch
        {
            FailedMigration.HalfApplied => Ask("a migration is half applied: it could not run in a transaction"),
            FailedMigration.StateUnknown => Ask(
                "it is not known whether a migration was applied: its connection broke"
            ),
            _ when point.Stage < Stage.MigrateDeploy => new(WayBack.Stop, "nothing was changed"),
            _ when point.Stage is Stage.Rollback => Ask("users were being put back by hand, and that did not work"),
            _ when !OldRunsOn(point.Schema) && (point.HasPrevious || point.IsLive) => Ask(
                $"migrations that the old release may not run on are applied ({Words(point.Schema)})"
            ),
            _ when point.IsSwitched => AfterSwitch(point),
            _ when point.Stage is Stage.DeployAppBeforeSwitch => new(
                WayBack.RemoveRelease,
                "the new release never served anybody"
            ),
            _ when point.Schema is AppliedSchema.NoneApplied => new(
                WayBack.Stop,
                "the migration undid itself, nothing was changed"
            ),
            _ => new(
                WayBack.KeepSchema,
                "what is applied is what the live release runs on too; a new run goes on there"
            ),
        };

    private static WayBackDecision AfterSwitch(FailurePoint point) =>
        !point.HasPrevious ? Ask("there is no verified release to go back to: this was the first one")
        : point.CanSwitchBack ? new(WayBack.CodeBack, "the verified release runs on the schema as it is")
        : Ask("there is no command that brings the verified release back");

    private static WayBackDecision Ask(string reason) => new(WayBack.AskPerson, reason);

    private static bool OldRunsOn(AppliedSchema schema) =>
        schema is AppliedSchema.NoneApplied or AppliedSchema.AllExpand;

    private static string Words(AppliedSchema schema) =>
        schema switch
        {
            AppliedSchema.SomeData => "one rewrote values",
            AppliedSchema.SomeContract => "one is a contract",
            _ => "of one it is not known, which counts as a contract",
        };
}

namespace Slipway.Runs;

/// <summary>Everything that the way back depends on.</summary>
/// <param name="Stage">How far the run had come.</param>
/// <param name="Schema">What its migrations mean for the release before.</param>
/// <param name="Migration">What a failed migration left behind.</param>
/// <param name="HasPrevious">True when there is a verified release to go back to.</param>
/// <param name="IsLive">True when users are, or may be, on a release that was there before the run, verified or not.</param>
/// <param name="CanSwitchBack">True when that release can be brought back by code alone.</param>
public sealed record FailurePoint(
    Stage Stage,
    AppliedSchema Schema,
    FailedMigration Migration,
    bool HasPrevious,
    bool IsLive,
    bool CanSwitchBack
)
{
    /// <summary>True when users were, or may have been, on the new release.</summary>
    public bool IsSwitched => Stage >= Stage.DeployAppAfterSwitch;
}

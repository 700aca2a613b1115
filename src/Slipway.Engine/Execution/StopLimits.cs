namespace Nuke.Common.Execution;

/// <summary>How long a run waits after a signal; build code may set other spans under these names.</summary>
internal sealed record StopLimits(TimeSpan Grace, TimeSpan Assured)
{
    public const string GraceName = "Slipway.StopGrace";
    public const string AssuredName = "Slipway.AssuredTimeout";

    public static StopLimits Current =>
        new(
            AppContext.GetData(GraceName) as TimeSpan? ?? TimeSpan.FromSeconds(30),
            AppContext.GetData(AssuredName) as TimeSpan? ?? TimeSpan.FromMinutes(10)
        );
}

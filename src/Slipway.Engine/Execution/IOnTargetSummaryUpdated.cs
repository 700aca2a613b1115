namespace Nuke.Common.Execution;

/// <summary>Called when a target has reported its summary.</summary>
public interface IOnTargetSummaryUpdated : IBuildExtension
{
    /// <summary>Called when a target has reported its summary.</summary>
    /// <param name="build">The build.</param>
    /// <param name="target">The target.</param>
    void OnTargetSummaryUpdated(INukeBuild build, ExecutableTarget target);
}

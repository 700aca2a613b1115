namespace Nuke.Common.Execution;

/// <summary>Called when a target has failed or was aborted.</summary>
public interface IOnTargetFailed : IBuildExtension
{
    /// <summary>Called when a target has failed or was aborted.</summary>
    /// <param name="target">The target.</param>
    void OnTargetFailed(ExecutableTarget target);
}

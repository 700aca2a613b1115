namespace Nuke.Common.Execution;

/// <summary>Called when a target has run to its end.</summary>
public interface IOnTargetSucceeded : IBuildExtension
{
    /// <summary>Called when a target has run to its end.</summary>
    /// <param name="target">The target.</param>
    void OnTargetSucceeded(ExecutableTarget target);
}

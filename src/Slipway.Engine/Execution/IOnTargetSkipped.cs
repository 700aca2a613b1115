namespace Nuke.Common.Execution;

/// <summary>Called when a target is skipped at its turn.</summary>
public interface IOnTargetSkipped : IBuildExtension
{
    /// <summary>Called when a target is skipped at its turn.</summary>
    /// <param name="target">The target.</param>
    void OnTargetSkipped(ExecutableTarget target);
}

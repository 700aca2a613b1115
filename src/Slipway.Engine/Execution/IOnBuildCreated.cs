namespace Nuke.Common.Execution;

/// <summary>Called when the build exists and its parameters are set.</summary>
public interface IOnBuildCreated : IBuildExtension
{
    /// <summary>Called when the build exists and its parameters are set.</summary>
    /// <param name="executableTargets">Every target of the build.</param>
    void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets);
}

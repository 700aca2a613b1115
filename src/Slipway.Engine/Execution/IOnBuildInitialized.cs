namespace Nuke.Common.Execution;

/// <summary>Called when the plan is made and nothing has run.</summary>
public interface IOnBuildInitialized : IBuildExtension
{
    /// <summary>Called when the plan is made and nothing has run.</summary>
    /// <param name="executableTargets">Every target of the build.</param>
    /// <param name="executionPlan">The targets that will run, in order.</param>
    void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan
    );
}

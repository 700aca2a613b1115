namespace Nuke.Common.Execution;

/// <summary>Called at the very end, after the table.</summary>
public interface IOnBuildFinished : IBuildExtension
{
    /// <summary>Called at the very end, after the table.</summary>
    void OnBuildFinished();
}

namespace Nuke.Common.Execution;

/// <summary>Something that takes part in the life of a run.</summary>
public interface IBuildExtension
{
    /// <summary>Extensions with a higher priority are called first.</summary>
    float Priority { get; }
}

namespace Nuke.Common;

/// <summary>What happens to the dependencies of a target that is skipped.</summary>
public enum DependencyBehavior
{
    /// <summary>They are skipped unless another target needs them.</summary>
    Skip,

    /// <summary>They run.</summary>
    Execute,
}

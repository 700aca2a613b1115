namespace Nuke.Common.Execution;

/// <summary>Base of the attributes on a build that take part in the life of its runs.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class BuildExtensionAttributeBase : Attribute, IBuildExtension
{
    /// <summary>The build that carries the attribute.</summary>
    public INukeBuild Build { get; internal set; } = null!; // The engine sets it before the first call.

    /// <inheritdoc />
    public virtual float Priority { get; set; }
}

namespace Nuke.Common.CI;

/// <summary>Base of the attributes that describe how a build server runs the build.</summary>
/// <remarks>They let a build written for NUKE compile. This engine writes no configuration: a workflow is a file of its own.</remarks>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ConfigurationAttributeBase : Attribute
{
    /// <summary>Whether NUKE writes the configuration on every local run.</summary>
    public bool AutoGenerate { get; set; } = true;

    /// <summary>What tells several attributes of one kind apart.</summary>
    public virtual string IdPostfix => "";
}

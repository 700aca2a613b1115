namespace Nuke.Common;

/// <summary>A member that takes its value from the command line, the environment or a parameters file.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public class ParameterAttribute(string? description = null) : Attribute
{
    /// <summary>What it is for.</summary>
    public string? Description { get; } = description;

    /// <summary>Another name than the member's.</summary>
    public string? Name { get; set; }

    /// <summary>Separates the values of an array given as one word.</summary>
    public string? Separator { get; set; }

    /// <summary>Leaves it out of the help when false.</summary>
    public bool List { get; set; } = true;

    /// <summary>Name of a static member that gives the allowed values.</summary>
    public string? ValueProviderMember { get; set; }
}

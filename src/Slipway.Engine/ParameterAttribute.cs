using System.Reflection;
using Nuke.Common.Execution;
using Nuke.Common.ValueInjection;

namespace Nuke.Common;

/// <summary>Marks a field or property that is given on the command line, in the environment or in a parameter file.</summary>
/// <param name="description">One line for <c>--help</c>.</param>
#pragma warning disable MA0053 // Builds may derive from it, as with NUKE.
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public class ParameterAttribute(string? description = null) : ValueInjectionAttributeBase
{
    /// <summary>One line for <c>--help</c>, or null.</summary>
    public string? Description { get; } = description;

    /// <summary>The name, when it is not the member's.</summary>
    public string? Name { get; set; }

    /// <summary>Whether the parameter is listed by <c>--help</c>.</summary>
    public bool List { get; set; } = true;

    /// <summary>The member that supplies the values offered to editors and completion.</summary>
    public string? ValueProviderMember { get; set; }

    /// <summary>The type that declares <see cref="ValueProviderMember"/>, when it is not the build.</summary>
    public Type? ValueProviderType { get; set; }

    /// <summary>The text between the elements of an array given as one word, or null.</summary>
    public string? Separator { get; set; }

    /// <inheritdoc />
    public override object? GetValue(MemberInfo member, object instance) =>
        EngineSession.Current.Parameters?.ValueOf(member);
}

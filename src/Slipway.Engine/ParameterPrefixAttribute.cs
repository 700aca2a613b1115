namespace Nuke.Common;

/// <summary>Puts a prefix before the names of all parameters of a component.</summary>
/// <param name="prefix">The prefix, for example <c>Staging</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
public sealed class ParameterPrefixAttribute(string prefix) : Attribute
{
    /// <summary>The prefix.</summary>
    public string Prefix { get; } = prefix;
}

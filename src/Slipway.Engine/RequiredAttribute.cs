namespace Nuke.Common;

/// <summary>Marks a parameter that every run needs, whatever its targets.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;

namespace Nuke.Common;

/// <summary>The parameter must have a value in every run.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;

namespace Nuke.Common;

/// <summary>Says that a member may stay without a value.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class OptionalAttribute : Attribute;

namespace Nuke.Common;

/// <summary>Says that a member is injected only for the targets that require it.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class OnDemandAttribute : Attribute;

namespace Nuke.Common;

/// <summary>Marks a parameter whose value is masked in everything that is written.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

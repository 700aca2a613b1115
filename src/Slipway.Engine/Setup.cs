namespace Nuke.Common;

/// <summary>Defines a target that prepares something which the <see cref="Cleanup"/> of the same type puts away.</summary>
/// <param name="definition">The definition to add to.</param>
public delegate ITargetDefinition Setup(ITargetDefinition definition);

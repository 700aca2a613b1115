namespace Nuke.Common;

/// <summary>Defines a target: <c>Target Name => _ => _.DependsOn(Other).Executes(…)</c>.</summary>
/// <param name="definition">The definition to add to.</param>
public delegate ITargetDefinition Target(ITargetDefinition definition);

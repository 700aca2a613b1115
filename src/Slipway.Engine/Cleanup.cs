namespace Nuke.Common;

/// <summary>Defines a target that always runs once its plan has started, also after a failure.</summary>
/// <param name="definition">The definition to add to.</param>
public delegate ITargetDefinition Cleanup(ITargetDefinition definition);

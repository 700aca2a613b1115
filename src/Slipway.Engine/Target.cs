namespace Nuke.Common;

/// <summary>Defines a target of a build.</summary>
public delegate ITargetDefinition Target(ITargetDefinition definition);

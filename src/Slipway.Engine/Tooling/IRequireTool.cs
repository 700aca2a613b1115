namespace Nuke.Common.Tooling;

/// <summary>Marks a tool that a target can require.</summary>
public interface IRequireTool;

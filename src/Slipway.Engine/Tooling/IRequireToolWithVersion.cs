namespace Nuke.Common.Tooling;

/// <summary>Marks a tool that a target can require in a version.</summary>
public interface IRequireToolWithVersion;

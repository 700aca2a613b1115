namespace Nuke.Common.Tooling;

/// <summary>Changes options and returns them.</summary>
/// <typeparam name="T">The options.</typeparam>
/// <param name="options">The options before.</param>
public delegate T Configure<T>(T options);

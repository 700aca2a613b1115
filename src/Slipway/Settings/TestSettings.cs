namespace Slipway.Settings;

/// <summary>The tests that must pass before anything changes.</summary>
/// <param name="Command">Program and arguments; empty when the environment names no tests.</param>
/// <param name="Timeout">How long they may take; default 20 min.</param>
public sealed record TestSettings(IReadOnlyList<string> Command, TimeSpan Timeout);

namespace Slipway.Settings;

/// <summary>What is verified after the switch.</summary>
/// <param name="Requests">Absolute path of a Hurl file with the critical functions; null when there is none.</param>
/// <param name="Log">Absolute path of the application's log; null when it cannot be read here.</param>
/// <param name="LogErrors">Texts that mark a line of the log as an error.</param>
public sealed record VerifySettings(string? Requests, string? Log, IReadOnlyList<string> LogErrors);

namespace Slipway.Health;

/// <summary>Whether an answer is a healthy one, and why not.</summary>
/// <param name="Reason">Why it is not healthy; null when it is.</param>
/// <param name="Final">True when another probe cannot come out better.</param>
/// <param name="Version">The release that the answer names.</param>
internal sealed record ProbeVerdict(string? Reason, bool Final, string? Version);

namespace Slipway.Monitoring;

/// <summary>Something about a database that is not as it should be.</summary>
/// <param name="Text">What was measured, and what is allowed.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record HealthFinding(string Text, string Remedy);

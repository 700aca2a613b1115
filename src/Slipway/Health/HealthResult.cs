namespace Slipway.Health;

/// <summary>A release proved that it is healthy.</summary>
/// <param name="Url">The address that answered.</param>
/// <param name="Answer">The healthy answer.</param>
/// <param name="Probes">How many probes it took.</param>
/// <param name="Elapsed">From the first probe to the healthy answer.</param>
public sealed record HealthResult(Uri Url, HealthAnswer Answer, int Probes, TimeSpan Elapsed);

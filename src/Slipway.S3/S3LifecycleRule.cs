namespace Slipway.S3;

/// <summary>A rule by which the store deletes on its own.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Prefix">Keys that it applies to.</param>
/// <param name="ExpireDays">Days after which objects go; null for never, 0 for a date or an object's tags.</param>
/// <param name="NoncurrentDays">Days after which old versions go; null for never.</param>
/// <param name="AbortDays">Days after which unfinished uploads go; null for never.</param>
internal sealed record S3LifecycleRule(string Id, string Prefix, int? ExpireDays, int? NoncurrentDays, int? AbortDays);

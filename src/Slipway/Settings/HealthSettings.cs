namespace Slipway.Settings;

/// <summary>How a release proves that it is healthy.</summary>
/// <param name="Url">Base address of the application; null when the strategy knows it (process).</param>
/// <param name="Path">Path that answers status and version; default <c>/health</c>.</param>
/// <param name="DatabasePath">Path that proves the database connection; default <c>/health/db</c>.</param>
/// <param name="VersionProperty">JSON property that holds the release's id; default <c>version</c>; empty when the application tells none.</param>
/// <param name="Timeout">How long a release may take to become healthy; default 60 s.</param>
/// <param name="Interval">Pause between two probes; default 250 ms.</param>
/// <param name="RequestTimeout">How long one probe may take; default 5 s.</param>
public sealed record HealthSettings(
    Uri? Url,
    string Path,
    string DatabasePath,
    string VersionProperty,
    TimeSpan Timeout,
    TimeSpan Interval,
    TimeSpan RequestTimeout
);

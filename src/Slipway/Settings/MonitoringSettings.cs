namespace Slipway.Settings;

/// <summary>Thresholds of the database's health.</summary>
/// <param name="Enabled">False switches the snapshots off.</param>
/// <param name="ConnectionTime">Slowest acceptable connect; default 5 s.</param>
/// <param name="QueryTime">Longest acceptable running query; default 10 s.</param>
/// <param name="ConnectionCount">Most connections to the database before a warning; default 15.</param>
public sealed record MonitoringSettings(bool Enabled, TimeSpan ConnectionTime, TimeSpan QueryTime, int ConnectionCount);

namespace Slipway.Backups.PgBackRest;

/// <summary>A setting of the server that archiving needs to be different.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What it is now; null when it could not be seen.</param>
/// <param name="Needed">What it must be.</param>
/// <param name="Remedy">What to do.</param>
public sealed record SettingDifference(string Name, string? Value, string Needed, string Remedy);

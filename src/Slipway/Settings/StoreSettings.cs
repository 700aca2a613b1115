namespace Slipway.Settings;

/// <summary>Where backups, run records and locks are kept.</summary>
/// <param name="Folder">Absolute path of a folder.</param>
public sealed record StoreSettings(string Folder);

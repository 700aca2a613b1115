namespace Slipway.Backups;

/// <summary>An extension that the database uses.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
public sealed record ExtensionVersion(string Name, string Version);

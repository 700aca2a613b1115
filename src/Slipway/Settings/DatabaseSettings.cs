namespace Slipway.Settings;

/// <summary>One environment's database and what pins it.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="SystemIdentifier">The server's own identifier (<c>pg_control_system()</c>) it must have; null when not pinned.</param>
/// <param name="Address">Address and port it must have as the server itself sees them; null when not pinned.</param>
/// <param name="Shadow">The database that migration tools may reset; null when there is none.</param>
public sealed record DatabaseSettings(DatabaseUrl Url, string? SystemIdentifier, string? Address, DatabaseUrl? Shadow);

namespace Slipway.Backups;

/// <summary>A setting that a database, or a role in it, starts with; pg_dump leaves these out.</summary>
/// <param name="Role">The role; null for everybody.</param>
/// <param name="Name">The setting.</param>
/// <param name="Value">Its value as SQL, quoted where it must be.</param>
public sealed record DatabaseSetting(string? Role, string Name, string Value);

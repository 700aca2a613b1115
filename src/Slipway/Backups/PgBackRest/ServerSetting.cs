namespace Slipway.Backups.PgBackRest;

/// <summary>A setting of the server as it is in force.</summary>
/// <param name="Value">Its value in the server's own unit.</param>
/// <param name="IsPending">True when a change waits for a restart.</param>
public sealed record ServerSetting(string Value, bool IsPending);

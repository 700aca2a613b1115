using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>A database that was made from a backup.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="MissingRoles">Roles that the server does not have, without which it was restored.</param>
public sealed record RestoredDatabase(DatabaseUrl Url, TimeSpan Duration, IReadOnlyList<string> MissingRoles);

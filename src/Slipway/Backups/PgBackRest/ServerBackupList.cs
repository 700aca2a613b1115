namespace Slipway.Backups.PgBackRest;

/// <summary>The backups of an environment's server, to be shown.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="IsEncrypted">True when a key protects the repository.</param>
/// <param name="Backups">The backups, the oldest first.</param>
public sealed record ServerBackupList(string Environment, bool IsEncrypted, IReadOnlyList<ServerBackup> Backups)
{
    /// <summary>That of an environment whose server is not backed up.</summary>
    public static ServerBackupList None { get; } = new("", false, []);
}

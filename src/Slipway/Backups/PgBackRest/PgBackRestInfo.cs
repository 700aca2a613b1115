namespace Slipway.Backups.PgBackRest;

/// <summary>What a repository holds of one server.</summary>
/// <param name="Status">pgBackRest's own word; <c>ok</c> when there is a backup.</param>
/// <param name="HasStanza">False before the stanza was created.</param>
/// <param name="IsEncrypted">True when a passphrase protects it.</param>
/// <param name="IsBackupRunning">True while a backup or an expiration holds the lock on this machine.</param>
/// <param name="Backups">All backups, the oldest first.</param>
/// <param name="NewestWal">The newest archived segment of the newest server version; null when there is none.</param>
public sealed record PgBackRestInfo(
    string Status,
    bool HasStanza,
    bool IsEncrypted,
    bool IsBackupRunning,
    IReadOnlyList<PgBackRestBackup> Backups,
    WalSegment? NewestWal
)
{
    /// <summary>The newest backup of an undamaged database; null when there is none.</summary>
    public PgBackRestBackup? Latest => Backups.LastOrDefault(backup => !backup.HasDamagedPages);
}

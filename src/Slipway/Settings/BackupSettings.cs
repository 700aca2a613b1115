namespace Slipway.Settings;

/// <summary>Backup policy.</summary>
/// <param name="Enabled">False only when somebody else takes the backups.</param>
/// <param name="RetentionDays">Days that a backup is kept; default 7.</param>
/// <param name="EncryptionKey">Key for the backups; null when they are not encrypted.</param>
public sealed record BackupSettings(bool Enabled, int RetentionDays, Secret? EncryptionKey);

namespace Slipway.Settings;

/// <summary>Backup policy.</summary>
/// <param name="Enabled">False only when somebody else takes the backups.</param>
/// <param name="RetentionDays">Days that a backup is kept; default 7.</param>
/// <param name="EncryptionKey">Key for the backups; null when they are not encrypted.</param>
public sealed record BackupSettings(bool Enabled, int RetentionDays, Secret? EncryptionKey)
{
    /// <summary>When backups are taken apart from deploys (cron); default <c>0 2 * * *</c>.</summary>
    public string Schedule { get; init; } = "0 2 * * *";

    /// <summary>True when backups shall be encrypted.</summary>
    public bool EncryptionEnabled { get; init; }

    /// <summary>Bucket that backups shall go to; null for the store's folder.</summary>
    public string? Bucket { get; init; }

    /// <summary>Region of the bucket; null when there is none.</summary>
    public string? Region { get; init; }
}

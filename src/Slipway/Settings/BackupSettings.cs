namespace Slipway.Settings;

/// <summary>Backup policy.</summary>
/// <param name="Enabled">False only when somebody else takes the backups.</param>
/// <param name="RetentionDays">Days that a backup is kept; default 7.</param>
/// <param name="EncryptionKey">What opens and encrypts the backups; null when there is none.</param>
public sealed record BackupSettings(bool Enabled, int RetentionDays, Secret? EncryptionKey)
{
    /// <summary>When backups are taken apart from deploys (cron); default <c>0 2 * * *</c>.</summary>
    public string Schedule { get; init; } = "0 2 * * *";

    /// <summary>True when new backups are encrypted.</summary>
    public bool EncryptionEnabled { get; init; }

    /// <summary>Level of zstd; default 1, which keeps up with the server.</summary>
    public int CompressionLevel { get; init; } = 1;

    /// <summary>How many pg_dump work side by side in one snapshot; default 1, which takes one core of the server.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>How long a dump waits for a table that somebody has locked; default 30 s.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Days of which the newest backup is kept beyond the retention; default 7.</summary>
    public int Daily { get; init; } = 7;

    /// <summary>Weeks of which the newest backup is kept; default 4.</summary>
    public int Weekly { get; init; } = 4;

    /// <summary>Months of which the newest backup is kept; default 6.</summary>
    public int Monthly { get; init; } = 6;

    /// <summary>Years of which the newest backup is kept; default none.</summary>
    public int Yearly { get; init; }

    /// <summary>Bucket of the store, unless the environment file names one; null for a folder.</summary>
    public string? Bucket { get; init; }

    /// <summary>Region of that bucket; null when it is not said.</summary>
    public string? Region { get; init; }

    /// <summary>How the whole server is backed up with pgBackRest besides; null when it is not.</summary>
    public ServerBackupSettings? Server { get; init; }
}

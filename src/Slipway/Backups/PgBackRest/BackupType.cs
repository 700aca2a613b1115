namespace Slipway.Backups.PgBackRest;

/// <summary>What of the server's files a backup copies.</summary>
public enum BackupType
{
    /// <summary>Every file; depends on no other backup.</summary>
    Full,

    /// <summary>What changed since the last full backup.</summary>
    Differential,

    /// <summary>What changed since the last backup of any type.</summary>
    Incremental,
}

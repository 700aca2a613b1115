namespace Slipway.Backups.Status;

/// <summary>How it stands with one thing.</summary>
public enum BackupItemStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Not as it should be; backups are there all the same.</summary>
    Warn,

    /// <summary>A backup that is needed may not be there, or not be good.</summary>
    Fail,

    /// <summary>It could not be seen, which is never good.</summary>
    Unknown,
}

namespace Slipway.Backups.Status;

/// <summary>What is judged.</summary>
public sealed record BackupStatusFacts
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Every backup, the newest last.</summary>
    public required IReadOnlyList<StoredBackup> Backups { get; init; }

    /// <summary>Every attempt since records are kept, the newest last.</summary>
    public required IReadOnlyList<BackupAttempt> Attempts { get; init; }

    /// <summary>False when somebody else takes the backups; default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>True when new backups are encrypted; default true.</summary>
    public bool Encrypts { get; init; } = true;

    /// <summary>Short names of the keys that new backups are encrypted for.</summary>
    public IReadOnlyList<string> KeyIds { get; init; } = [];

    /// <summary>What is good enough.</summary>
    public BackupThresholds Thresholds { get; init; } = new();

    /// <summary>The backups of the whole server; null when none are taken.</summary>
    public ServerBackupFacts? Server { get; init; }
}

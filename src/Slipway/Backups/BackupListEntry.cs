using Slipway.Backups.PgBackRest;

namespace Slipway.Backups;

/// <summary>A backup as machines are told of it.</summary>
internal sealed record BackupListEntry
{
    public required string Id { get; init; }

    /// <summary><c>dump</c> or <c>pgbackrest</c>.</summary>
    public required string Engine { get; init; }

    public required string Environment { get; init; }

    public required string Run { get; init; }

    public required string Purpose { get; init; }

    public required DateTimeOffset Taken { get; init; }

    public required long AgeSeconds { get; init; }

    public required double DurationSeconds { get; init; }

    public required long Bytes { get; init; }

    public required long PlainBytes { get; init; }

    /// <summary>Rows of the database; null of a whole server, whose rows nobody counted.</summary>
    public required long? Rows { get; init; }

    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary><c>never</c>, <c>readBack</c>, <c>restored</c> or <c>broken</c>.</summary>
    public required string Verified { get; init; }

    public required DateTimeOffset? VerifiedAt { get; init; }

    public required DateTimeOffset? RestoredAt { get; init; }

    public required double? RestoreSeconds { get; init; }

    public required string? Problem { get; init; }

    public static BackupListEntry Of(StoredBackup backup, DateTimeOffset now)
    {
        var manifest = backup.Manifest;
        var last = backup.Verifications is [.., var newest] ? newest : null;
        return new()
        {
            Id = manifest.Id,
            Engine = "dump",
            Environment = manifest.Environment,
            Run = manifest.Run,
            Purpose = manifest.Purpose,
            Taken = manifest.Started,
            AgeSeconds = (long)(now - manifest.Started).TotalSeconds,
            DurationSeconds = manifest.Duration.TotalSeconds,
            Bytes = manifest.Bytes,
            PlainBytes = manifest.Archives.Sum(archive => archive.Sums.PlainBytes),
            Rows = manifest.Rows,
            Keys = manifest.Keys,
            Verified = Word(last, backup.Restored),
            VerifiedAt = last?.At,
            RestoredAt = backup.Restored?.At,
            RestoreSeconds = backup.Restored?.Duration.TotalSeconds,
            Problem = last?.Problem,
        };
    }

    public static BackupListEntry Of(ServerBackup server, string environment, bool isEncrypted, DateTimeOffset now)
    {
        var backup = server.Backup;
        var last = server.Verifications is [.., var newest] ? newest : null;
        return new()
        {
            Id = backup.Label,
            Engine = "pgbackrest",
            Environment = environment,
            Run = "",
            Purpose = BackupList.Purpose(backup.Type),
            Taken = backup.Started,
            AgeSeconds = (long)(now - backup.Started).TotalSeconds,
            DurationSeconds = (backup.Stopped - backup.Started).TotalSeconds,
            Bytes = backup.AddedBytes,
            PlainBytes = backup.DatabaseBytes,
            Rows = null,
            Keys = isEncrypted ? ["BACKUP_REPOSITORY_KEY"] : [],
            Verified = backup.HasDamagedPages ? "broken" : Word(last, server.Restored),
            VerifiedAt = last?.At,
            RestoredAt = server.Restored?.At,
            RestoreSeconds = server.Restored?.Duration.TotalSeconds,
            Problem = backup.HasDamagedPages ? "the database had damaged pages" : last?.Problem,
        };
    }

    private static string Word(BackupVerification? last, BackupVerification? restored) =>
        last is null ? "never"
        : !last.Passed ? "broken"
        : restored is null ? "readBack"
        : "restored";
}

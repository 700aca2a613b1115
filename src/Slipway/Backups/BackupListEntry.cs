namespace Slipway.Backups;

/// <summary>A backup as machines are told of it.</summary>
internal sealed record BackupListEntry
{
    public required string Id { get; init; }

    public required string Environment { get; init; }

    public required string Run { get; init; }

    public required string Purpose { get; init; }

    public required DateTimeOffset Taken { get; init; }

    public required long AgeSeconds { get; init; }

    public required double DurationSeconds { get; init; }

    public required long Bytes { get; init; }

    public required long PlainBytes { get; init; }

    public required long Rows { get; init; }

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
            Verified =
                last is null ? "never"
                : !last.Passed ? "broken"
                : backup.Restored is null ? "readBack"
                : "restored",
            VerifiedAt = last?.At,
            RestoredAt = backup.Restored?.At,
            RestoreSeconds = backup.Restored?.Duration.TotalSeconds,
            Problem = last?.Problem,
        };
    }
}

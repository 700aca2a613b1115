namespace Slipway.Backups.PgBackRest;

/// <summary>How archiving does at one moment.</summary>
public sealed record ArchiveState
{
    /// <summary>The server's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>True when archive_mode is on and there is a command.</summary>
    public required bool IsOn { get; init; }

    /// <summary>Segments that wait to be archived.</summary>
    public required int Waiting { get; init; }

    /// <summary>Since when the longest waits; null when none does.</summary>
    public DateTimeOffset? OldestWaiting { get; init; }

    /// <summary>The segment archived last; null when none was since statistics began.</summary>
    public WalSegment? LastArchived { get; init; }

    /// <summary>When it was.</summary>
    public DateTimeOffset? LastArchivedAt { get; init; }

    /// <summary>What failed last, a segment or a note; null when nothing did.</summary>
    public string? LastFailed { get; init; }

    /// <summary>When it failed.</summary>
    public DateTimeOffset? LastFailedAt { get; init; }

    /// <summary>Bytes of pg_wal.</summary>
    public required long WalBytes { get; init; }

    /// <summary>What the server means to keep pg_wal below, its max_wal_size in bytes.</summary>
    public required long WalLimit { get; init; }

    /// <summary>What asynchronous pushes complain of.</summary>
    public IReadOnlyList<string> SpoolErrors { get; init; } = [];

    /// <summary>Bytes in the spool folder.</summary>
    public long SpoolBytes { get; init; }

    /// <summary>Why the repository could not be looked at; null when it could.</summary>
    public string? RepositoryProblem { get; init; }

    /// <summary>The newest segment in the repository; null when it was not looked at or has none.</summary>
    public WalSegment? NewestInRepository { get; init; }
}

using NpgsqlTypes;

namespace Slipway.Backups.PgBackRest;

/// <summary>A backup in a repository of pgBackRest.</summary>
/// <param name="Label">Its name; sorts by time within its full backup.</param>
/// <param name="Type">What it copied.</param>
/// <param name="Started">When it began, to the second.</param>
/// <param name="Stopped">When it ended, to the second; a restore cannot go further back than this.</param>
/// <param name="StartLsn">Write-ahead log position at which it began.</param>
/// <param name="StopLsn">Position from which on it is consistent.</param>
/// <param name="FirstWal">First segment of write-ahead log that it needs.</param>
/// <param name="LastWal">Last segment that it needs.</param>
/// <param name="DatabaseBytes">Size of the server's files.</param>
/// <param name="CopiedBytes">How much of them it read.</param>
/// <param name="RepositoryBytes">What all its files take in the repository, with those of the backups it builds on.</param>
/// <param name="AddedBytes">What it added to the repository.</param>
/// <param name="HasDamagedPages">True when pages of the database had wrong checksums: the database itself is damaged.</param>
/// <param name="Prior">The backup it builds on; null for a full one.</param>
/// <param name="ArchiveId">Where its write-ahead log is, such as <c>15-1</c>.</param>
public sealed record PgBackRestBackup(
    string Label,
    BackupType Type,
    DateTimeOffset Started,
    DateTimeOffset Stopped,
    NpgsqlLogSequenceNumber StartLsn,
    NpgsqlLogSequenceNumber StopLsn,
    WalSegment FirstWal,
    WalSegment LastWal,
    long DatabaseBytes,
    long CopiedBytes,
    long RepositoryBytes,
    long AddedBytes,
    bool HasDamagedPages,
    string? Prior,
    string ArchiveId
);

namespace Slipway.Backups.PgBackRest;

/// <summary>The answer of <c>pgbackrest info --output=json</c> for one stanza; anything may be missing.</summary>
internal sealed record InfoDocument(
    string? Name,
    string? Cipher,
    InfoDocument.StatusPart? Status,
    IReadOnlyList<InfoDocument.RepoPart?>? Repo,
    IReadOnlyList<InfoDocument.DbPart?>? Db,
    IReadOnlyList<InfoDocument.ArchivePart?>? Archive,
    IReadOnlyList<InfoDocument.BackupPart?>? Backup
)
{
    internal sealed record StatusPart(int? Code, string? Message, LockPart? Lock);

    internal sealed record LockPart(HeldPart? Backup);

    internal sealed record HeldPart(bool Held);

    internal sealed record RepoPart(StatusPart? Status);

    internal sealed record DbPart(int Id, string? Version);

    internal sealed record ArchivePart(string? Id, string? Max);

    internal sealed record BackupPart(
        string? Label,
        string? Type,
        string? Prior,
        bool? Error,
        RangePart? Archive,
        RangePart? Lsn,
        TimePart? Timestamp,
        DbPart? Database,
        SizePart? Info
    );

    internal sealed record RangePart(string? Start, string? Stop);

    internal sealed record TimePart(long Start, long Stop);

    internal sealed record SizePart(long Size, long Delta, RepositoryPart? Repository);

    // Newer versions leave out the size, which they do not know with block incremental backups.
    internal sealed record RepositoryPart(long? Size, long Delta);
}

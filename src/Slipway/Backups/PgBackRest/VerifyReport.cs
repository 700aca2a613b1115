namespace Slipway.Backups.PgBackRest;

/// <summary>What reading a whole repository showed.</summary>
/// <param name="Problems">Why it cannot be relied on; empty when everything was read and right.</param>
/// <param name="Gaps">Segments of write-ahead log that are missing before the newest backup: no restore to points there.</param>
/// <param name="Backups">Backups that were read to the end and found right.</param>
/// <param name="Segments">Segments of write-ahead log that were read and found right.</param>
/// <param name="Files">Files of backups that were read and found right.</param>
public sealed record VerifyReport(
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Gaps,
    IReadOnlyList<string> Backups,
    int Segments,
    long Files
)
{
    /// <summary>True when nothing is wrong and at least one backup was read.</summary>
    public bool IsGood => Problems.Count == 0 && Backups.Count > 0;
}

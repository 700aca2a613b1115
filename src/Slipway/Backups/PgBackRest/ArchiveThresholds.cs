namespace Slipway.Backups.PgBackRest;

/// <summary>When archiving counts as ill.</summary>
public sealed record ArchiveThresholds
{
    /// <summary>How long a segment may wait; default 5 min. More is lost than that when the server is.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many segments may wait; default 64, which is 1 GiB.</summary>
    public int MostWaiting { get; init; } = 64;

    /// <summary>How many times its max_wal_size pg_wal may take; default 2.</summary>
    public double WalFactor { get; init; } = 2;

    /// <summary>How much the spool folder may take; default 1 GiB.</summary>
    public long MostSpool { get; init; } = 1L << 30;
}

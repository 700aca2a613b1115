namespace Slipway.Backups.PgBackRest;

/// <summary>How a restored copy is run for a while.</summary>
/// <param name="Folder">Absolute path of a folder with room for the copy; every copy gets a folder of its own in it.</param>
public sealed record ScratchSettings(string Folder)
{
    /// <summary>How long recovery may take; default 2 h.</summary>
    public TimeSpan RecoveryTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long stopping and removing may take; default 2 min.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long reading all rows, and looking for damage, may take each; default 6 h.</summary>
    public TimeSpan ProofTimeout { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Memory for pages, in megabytes; default 128.</summary>
    public int SharedBuffers { get; init; } = 128;

    /// <summary>
    /// Libraries that extensions need at start, such as <c>timescaledb</c>; none by default, so that jobs of the original
    /// (pg_cron) do not run in the copy.
    /// </summary>
    public IReadOnlyList<string> PreloadLibraries { get; init; } = [];
}

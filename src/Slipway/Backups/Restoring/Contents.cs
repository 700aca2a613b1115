namespace Slipway.Backups.Restoring;

/// <summary>What an archive holds, by the time at which it is restored.</summary>
/// <param name="All">Every entry with what it depends on, in the order of the archive.</param>
/// <param name="Before">Numbers of what is made before the data comes.</param>
/// <param name="Data">Numbers of what holds data.</param>
/// <param name="After">Numbers of what is made when all data is there.</param>
internal sealed record Contents(
    IReadOnlyList<TocEntry> All,
    IReadOnlySet<int> Before,
    IReadOnlySet<int> Data,
    IReadOnlySet<int> After
)
{
    /// <summary>
    /// False when an index clusters its table: the lock that it then takes can meet that of another index in a deadlock.
    /// </summary>
    public bool MayShareTables { get; init; } = true;

    /// <summary>Only some of it.</summary>
    public Contents Only(IReadOnlySet<int> chosen) =>
        this with
        {
            Before = Before.Where(chosen.Contains).ToHashSet(),
            Data = Data.Where(chosen.Contains).ToHashSet(),
            After = After.Where(chosen.Contains).ToHashSet(),
        };
}

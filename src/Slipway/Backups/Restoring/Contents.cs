namespace Slipway.Backups.Restoring;

/// <summary>What a backup holds, by the time at which it is restored.</summary>
/// <param name="All">Every entry with what it depends on, in the order of the archives.</param>
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

    /// <summary>With the rows that another archive of the backup holds.</summary>
    /// <param name="entries">What that archive holds.</param>
    /// <param name="archive">Its place among the backup's.</param>
    /// <returns>Null when it holds something else than rows of these tables.</returns>
    public Contents? With(IReadOnlyList<TocEntry> entries, int archive)
    {
        // All archives show one snapshot of one server, where a table's number is its own.
        var tables = All.Where(entry => entry.Kind is "TABLE").ToLookup(entry => entry.Object);
        var free = All.Max(entry => entry.Id) + 1;
        var rows = new List<TocEntry>();
        foreach (var entry in entries.Where(entry => entry.Kind is "TABLE DATA"))
        {
            if (tables[entry.Object].FirstOrDefault() is not { } table)
            {
                return null;
            }

            rows.Add(
                entry with
                {
                    Id = free + rows.Count,
                    Archive = archive,
                    Number = entry.Number,
                    DependsOn = [table.Id],
                }
            );
        }

        return this with
        {
            All = [.. All, .. rows],
            Data = Data.Concat(rows.Select(row => row.Id)).ToHashSet(),
        };
    }

    /// <summary>Only some of it.</summary>
    public Contents Only(IReadOnlySet<int> chosen) =>
        this with
        {
            Before = Before.Where(chosen.Contains).ToHashSet(),
            Data = Data.Where(chosen.Contains).ToHashSet(),
            After = After.Where(chosen.Contains).ToHashSet(),
        };
}

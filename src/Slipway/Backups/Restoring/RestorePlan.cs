namespace Slipway.Backups.Restoring;

/// <summary>Which process restores what, and when.</summary>
/// <param name="Definitions">Everything that must be there before data comes.</param>
/// <param name="Groups">Tables and large objects in groups of about the same size, which are restored side by side.</param>
/// <param name="Rest">Foreign keys, triggers, views' rows, grants and everything else, in the order of the archive.</param>
internal sealed record RestorePlan(
    IReadOnlyList<int> Definitions,
    IReadOnlyList<RestoreGroup> Groups,
    IReadOnlyList<int> Rest
)
{
    // A table costs something even when it is empty, and so does an index.
    private const long Least = 50_000;
    private const long RowBytes = 100;

    // Each group reads the whole archive, so one of less than a tenth costs more than it saves.
    private const int WorthAStream = 10;

    /// <summary>Plans.</summary>
    /// <param name="contents">What is restored.</param>
    /// <param name="tables">Sizes, where they are known.</param>
    /// <param name="processes">How many may run at once.</param>
    public static RestorePlan Of(Contents contents, IReadOnlyList<TableRows> tables, int processes)
    {
        var entries = contents.All.ToDictionary(entry => entry.Id);
        var sizes = Sizes(contents, tables);
        var indexes = FreeIndexes(contents, entries);
        // Indexes of partitioned tables hold nothing, and those of the partitions want them first.
        var parents = indexes.SelectMany(index => index.DependsOn).ToHashSet();
        var early = indexes.Where(index => parents.Contains(index.Id)).Select(index => index.Id).ToHashSet();
        var free = indexes.Select(index => index.Id).ToHashSet();
        var data = DataGroups(
            InOrder(contents.Data.Contains).Select(id => (id, sizes.GetValueOrDefault(id, Least))).ToList(),
            processes
        );
        return new(
            InOrder(id => (contents.Before.Contains(id) && !IsGrant(entries[id])) || early.Contains(id)),
            WithIndexes(data, indexes.Where(index => !early.Contains(index.Id)).ToList(), entries, sizes, processes),
            InOrder(id =>
                (contents.After.Contains(id) && !free.Contains(id))
                || (contents.Before.Contains(id) && IsGrant(entries[id]))
            )
        );

        List<int> InOrder(Func<int, bool> wanted) => [.. contents.All.Select(entry => entry.Id).Where(wanted)];
    }

    private static IReadOnlyList<IReadOnlyList<int>> DataGroups(
        IReadOnlyList<(int Id, long Weight)> items,
        int processes
    )
    {
        var total = items.Sum(item => item.Weight);
        var weights = items.ToDictionary(item => item.Id, item => item.Weight);
        for (var count = processes; ; count--)
        {
            var groups = Balance(items, count);
            if (
                groups.Count <= 1
                || groups.All(group => group.Sum(id => weights[id]) >= total / (WorthAStream * count))
            )
            {
                return groups;
            }
        }
    }

    // What belongs to a table is made once its group is there, all of it by one process, since some of it locks the table.
    private static List<RestoreGroup> WithIndexes(
        IReadOnlyList<IReadOnlyList<int>> data,
        IReadOnlyList<TocEntry> indexes,
        Dictionary<int, TocEntry> entries,
        Dictionary<int, long> sizes,
        int processes
    )
    {
        var places = new Dictionary<int, (int Group, long Size)>();
        foreach (var (at, id) in data.Index().SelectMany(group => group.Item.Select(id => (group.Index, id))))
        {
            foreach (var table in entries[id].DependsOn)
            {
                places[table] = (at, sizes.GetValueOrDefault(id, Least));
            }
        }

        var tables = indexes.ToLookup(index => index.DependsOn.OrderByDescending(places.ContainsKey).First());
        return [.. data.DefaultIfEmpty([]).Index().Select(group => new RestoreGroup(group.Item, Indexes(group.Index)))];

        IReadOnlyList<IReadOnlyList<int>> Indexes(int group) =>
            [
                .. Balance(
                        tables
                            .Where(table => places.GetValueOrDefault(table.Key).Group == group)
                            .Select(table =>
                                (
                                    table.Key,
                                    table.Count() * places.GetValueOrDefault(table.Key, (Group: 0, Size: Least)).Size
                                )
                            )
                            .ToList(),
                        processes
                    )
                    .Select(chosen =>
                        indexes.Select(index => index.Id).Where(chosen.SelectMany(Ids).ToHashSet().Contains).ToList()
                    ),
            ];

        IEnumerable<int> Ids(int table) => tables[table].Select(index => index.Id);
    }

    // They wait for nothing but tables, which are there by then, and for one another. An index may call a function without
    // telling, so what comes behind a function that itself had to wait is not free.
    private static List<TocEntry> FreeIndexes(Contents contents, Dictionary<int, TocEntry> entries)
    {
        var free = new List<TocEntry>();
        var ids = new HashSet<int>();
        foreach (var entry in contents.All.Where(entry => contents.After.Contains(entry.Id)))
        {
            if (entry.Kind is "FUNCTION" or "PROCEDURE" or "AGGREGATE")
            {
                break;
            }

            if (
                IsIndex(entry)
                && entry.DependsOn.Count > 0
                && entry.DependsOn.All(id =>
                    contents.Before.Contains(id) || ids.Contains(id) || !entries.ContainsKey(id)
                )
            )
            {
                free.Add(entry);
                ids.Add(entry.Id);
            }
        }

        return free;
    }

    private static bool IsIndex(TocEntry entry) => entry.Kind is "INDEX" or "CONSTRAINT";

    // Somebody may have taken rights from himself that he needs until everything is there.
    private static bool IsGrant(TocEntry entry) => entry.Kind is "ACL" or "DEFAULT ACL";

    private static Dictionary<int, long> Sizes(Contents contents, IReadOnlyList<TableRows> tables)
    {
        var known = tables.ToLookup(table => Printed(table.Table), StringComparer.Ordinal);
        var sizes = new Dictionary<int, long>();
        foreach (var entry in contents.All.Where(entry => entry.Kind is "TABLE DATA"))
        {
            // The owner stands behind the name, and each of them may hold spaces.
            for (var end = entry.Name.LastIndexOf(' '); end > 0; end = entry.Name.LastIndexOf(' ', end - 1))
            {
                if (known[entry.Name[..end]].FirstOrDefault() is { } table)
                {
                    sizes[entry.Id] = Math.Max(Least, table.Bytes ?? table.Rows * RowBytes);
                    break;
                }
            }
        }

        return sizes;
    }

    private static string Printed(string table) =>
        TableName.TryParse(table) is { } name ? $"{TocList.Printed(name.Schema)} {TocList.Printed(name.Name)}" : table;

    // The heaviest first, each to the group with the least. Each group keeps the order, and the last group has the last of all.
    private static IReadOnlyList<IReadOnlyList<int>> Balance(IReadOnlyList<(int Id, long Weight)> items, int count)
    {
        var groups = Enumerable.Range(0, Math.Min(items.Count, count)).Select(_ => new HashSet<int>()).ToList();
        var weights = new long[groups.Count];
        foreach (var (id, weight) in items.OrderByDescending(item => item.Weight))
        {
            var least = Array.IndexOf(weights, weights.Min());
            weights[least] += weight;
            groups[least].Add(id);
        }

        var places = items.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        return
        [
            .. groups.Select(group => group.OrderBy(id => places[id]).ToList()).OrderBy(group => places[group[^1]]),
        ];
    }
}

namespace Slipway.Backups.Restoring;

/// <summary>Which process restores what: four waves, each made of groups that run side by side.</summary>
/// <param name="Definitions">Everything that must be there before data comes.</param>
/// <param name="Data">Tables and large objects, in groups of about the same size.</param>
/// <param name="Indexes">Indexes, primary keys and unique constraints, in groups of about the same work.</param>
/// <param name="Rest">Foreign keys, triggers, views' rows, grants and everything else, in the order of the archive.</param>
internal sealed record RestorePlan(
    IReadOnlyList<int> Definitions,
    IReadOnlyList<IReadOnlyList<int>> Data,
    IReadOnlyList<IReadOnlyList<int>> Indexes,
    IReadOnlyList<int> Rest
)
{
    // A table costs something even when it is empty, and so does an index.
    private const long Least = 50_000;
    private const long RowBytes = 100;

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
        var data = contents.Data.Select(id => entries[id]).OrderBy(entry => entry.Id).ToList();
        var loads = data.SelectMany(entry => entry.DependsOn.Select(table => (table, Load(entry))))
            .GroupBy(pair => pair.table)
            .ToDictionary(group => group.Key, group => group.Max(pair => pair.Item2));
        return new(
            InOrder(id => (contents.Before.Contains(id) && !IsGrant(entries[id])) || early.Contains(id)),
            Balance(contents, InOrder(contents.Data.Contains).Select(id => (id, Load(entries[id]))), processes),
            Balance(
                contents,
                indexes
                    .Where(index => !early.Contains(index.Id))
                    .Select(index => (index.Id, index.DependsOn.Max(id => loads.GetValueOrDefault(id, Least)))),
                processes
            ),
            InOrder(id =>
                (contents.After.Contains(id) && !free.Contains(id))
                || (contents.Before.Contains(id) && IsGrant(entries[id]))
            )
        );

        long Load(TocEntry entry) => sizes.GetValueOrDefault(entry.Id, Least);

        List<int> InOrder(Func<int, bool> wanted) => [.. contents.All.Select(entry => entry.Id).Where(wanted)];
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

    // The heaviest first, each to the group with the least. Each group keeps the archive's order, and the last group has the
    // last of all.
    private static IReadOnlyList<IReadOnlyList<int>> Balance(
        Contents contents,
        IEnumerable<(int Id, long Weight)> items,
        int count
    )
    {
        var all = items.ToList();
        var groups = Enumerable.Range(0, Math.Min(all.Count, count)).Select(_ => new HashSet<int>()).ToList();
        var weights = new long[groups.Count];
        foreach (var (id, weight) in all.OrderByDescending(item => item.Weight))
        {
            var least = Array.IndexOf(weights, weights.Min());
            weights[least] += weight;
            groups[least].Add(id);
        }

        var places = contents.All.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        return
        [
            .. groups.Select(group => group.OrderBy(id => places[id]).ToList()).OrderBy(group => places[group[^1]]),
        ];
    }
}

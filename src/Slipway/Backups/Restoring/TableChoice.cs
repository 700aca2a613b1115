namespace Slipway.Backups.Restoring;

/// <summary>Finds what of an archive belongs to one table.</summary>
internal static class TableChoice
{
    // What makes a table work with others, or acts on its own, stays out: it needs what is not restored.
    private static readonly string[] Own =
    [
        "TABLE DATA",
        "DEFAULT",
        "SEQUENCE",
        "SEQUENCE SET",
        "SEQUENCE OWNED BY",
        "CONSTRAINT",
        "CHECK CONSTRAINT",
        "INDEX",
        "INDEX ATTACH",
        "STATISTICS",
        "COMMENT",
        "ACL",
    ];

    /// <summary>The table with its partitions, their rows, indexes and sequences, and what their definition needs.</summary>
    /// <param name="entries">Every entry of the archive.</param>
    /// <param name="found">What pg_restore finds under the table's name.</param>
    public static IReadOnlySet<int> Of(IReadOnlyList<TocEntry> entries, IEnumerable<int> found)
    {
        var byId = entries.ToDictionary(entry => entry.Id);
        var tables = found.Where(id => byId[id].Kind is not "TABLE DATA").ToHashSet();
        AddPartitions(entries, byId, tables);
        var chosen = new HashSet<int>();
        foreach (var table in tables)
        {
            AddNeeds(byId, table, chosen);
        }

        // A sequence hangs on its table, and its value on the sequence.
        var owners = new HashSet<int>(tables);
        for (var before = -1; before != chosen.Count; )
        {
            before = chosen.Count;
            foreach (var entry in entries.Where(entry => Own.Contains(entry.Kind) && IsOf(entry, owners, chosen)))
            {
                AddNeeds(byId, entry.Id, chosen);
            }

            owners.UnionWith(chosen.Where(id => byId[id].Kind is "SEQUENCE" or "INDEX" or "CONSTRAINT"));
        }

        return chosen;
    }

    // An attachment of an index names tables that may not be here.
    private static bool IsOf(TocEntry entry, HashSet<int> owners, HashSet<int> chosen) =>
        entry.DependsOn.Any(owners.Contains)
        && (entry.Kind is not "INDEX ATTACH" || entry.DependsOn.All(chosen.Contains));

    private static void AddPartitions(
        IReadOnlyList<TocEntry> entries,
        Dictionary<int, TocEntry> byId,
        HashSet<int> tables
    )
    {
        for (var before = -1; before != tables.Count; )
        {
            before = tables.Count;
            foreach (var attach in entries.Where(entry => entry.Kind is "TABLE ATTACH"))
            {
                // The partition comes first, the whole second; the attachment itself belongs to both.
                if (
                    attach.DependsOn is [var partition, var whole]
                    && tables.Contains(whole)
                    && byId.ContainsKey(partition)
                )
                {
                    tables.Add(partition);
                    tables.Add(attach.Id);
                }
            }
        }
    }

    private static void AddNeeds(Dictionary<int, TocEntry> byId, int id, HashSet<int> chosen)
    {
        var waiting = new Stack<int>([id]);
        while (waiting.TryPop(out var next))
        {
            if (byId.TryGetValue(next, out var entry) && chosen.Add(next))
            {
                foreach (var need in entry.DependsOn)
                {
                    waiting.Push(need);
                }
            }
        }
    }
}

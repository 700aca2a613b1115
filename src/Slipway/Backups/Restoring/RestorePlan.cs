namespace Slipway.Backups.Restoring;

/// <summary>Which process restores what, and after which others.</summary>
/// <remarks>
/// First everything that must be there before data comes; then tables in groups of about the same size side by side; then what
/// makes the tables of a group fast and unique; then foreign keys; at last, in the order of the archive, everything else.
/// </remarks>
/// <param name="Jobs">The jobs; each waits for earlier ones only.</param>
internal sealed record RestorePlan(IReadOnlyList<RestoreJob> Jobs)
{
    /// <summary>Plans.</summary>
    /// <param name="contents">What is restored.</param>
    /// <param name="tables">Sizes, where they are known.</param>
    /// <param name="archives">How many archives the backup has.</param>
    /// <param name="processes">How many may run at once.</param>
    public static RestorePlan Of(Contents contents, IReadOnlyList<TableRows> tables, int archives, int processes)
    {
        var entries = contents.All.ToDictionary(entry => entry.Id);
        var sizes = new TableSizes(contents, tables);
        var indexes = FreeIndexes(contents, entries);
        // Indexes of partitioned tables hold nothing, and those of the partitions want them first.
        var parents = indexes.SelectMany(index => index.DependsOn).ToHashSet();
        var early = indexes.Where(index => parents.Contains(index.Id)).Select(index => index.Id).ToHashSet();
        var keys = FreeForeignKeys(contents, indexes);
        var taken = indexes.Concat(keys).Select(entry => entry.Id).ToHashSet();

        List<RestoreJob> jobs =
        [
            new(
                "definitions",
                InOrder(id => (contents.Before.Contains(id) && !IsGrant(entries[id])) || early.Contains(id)),
                []
            ),
        ];
        jobs.AddRange(DataJobs(id => entries[id].Archive, InOrder(contents.Data.Contains), sizes, archives, processes));
        var linked = keys.SelectMany(key => key.DependsOn).ToHashSet();
        var late = indexes.Where(index => !early.Contains(index.Id)).ToList();
        new IndexJobs(jobs, entries, sizes, linked, contents.MayShareTables, processes).Add(late);
        if (keys.Count > 0)
        {
            jobs.Add(new("foreign keys", [.. keys.Select(key => key.Id)], Before(jobs, entries, linked)));
        }

        var rest = InOrder(id =>
            (contents.After.Contains(id) && !taken.Contains(id))
            || (contents.Before.Contains(id) && IsGrant(entries[id]))
        );
        jobs.Add(new("constraints and the rest", rest, [.. Enumerable.Range(0, jobs.Count)]));
        return new(jobs);

        List<int> InOrder(Func<int, bool> wanted) => [.. contents.All.Select(entry => entry.Id).Where(wanted)];
    }

    private static IEnumerable<RestoreJob> DataJobs(
        Func<int, int> archiveOf,
        IReadOnlyList<int> ids,
        TableSizes sizes,
        int archives,
        int processes
    )
    {
        var readers = Math.Max(1, processes / archives);
        foreach (var archive in Enumerable.Range(0, archives))
        {
            var own = ids.Where(id => archiveOf(id) == archive).Select(id => (id, sizes.OfData(id))).ToList();
            var groups = Balance.WorthTheirWhile(own, readers);
            foreach (var (at, group) in groups.DefaultIfEmpty([]).Index())
            {
                yield return new($"data {archive + 1}.{at + 1}", group, [0])
                {
                    Archive = archive,
                    ReadsData = true,
                    // The last group has what stands last in the archive, so it reads all of it anyway.
                    IsVerifying = at == Math.Max(0, groups.Count - 1),
                };
            }
        }
    }

    // All data, and everything that is made on the tables that are linked: they must not wait for one another's locks.
    private static List<int> Before(List<RestoreJob> jobs, Dictionary<int, TocEntry> entries, HashSet<int> linked) =>
        [
            .. jobs.Index()
                .Where(job =>
                    job.Item.ReadsData
                    || job.Item.Ids.Any(id => linked.Contains(id) || entries[id].DependsOn.Any(linked.Contains))
                )
                .Select(job => job.Index),
        ];

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
                entry.Kind is "INDEX" or "CONSTRAINT"
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

    private static List<TocEntry> FreeForeignKeys(Contents contents, IReadOnlyList<TocEntry> indexes)
    {
        var ready = contents.Before.Concat(indexes.Select(index => index.Id)).ToHashSet();
        return
        [
            .. contents.All.Where(entry =>
                entry.Kind is "FK CONSTRAINT"
                && contents.After.Contains(entry.Id)
                && entry.DependsOn.All(ready.Contains)
            ),
        ];
    }

    // Somebody may have taken rights from himself that he needs until everything is there.
    private static bool IsGrant(TocEntry entry) => entry.Kind is "ACL" or "DEFAULT ACL";
}

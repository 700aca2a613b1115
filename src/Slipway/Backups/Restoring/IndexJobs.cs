namespace Slipway.Backups.Restoring;

/// <summary>Plans who makes indexes, primary keys and unique constraints: those of a table once its data is there.</summary>
/// <param name="jobs">The plan so far, with the jobs that bring the data.</param>
/// <param name="entries">Everything in the archive.</param>
/// <param name="sizes">Sizes of the tables.</param>
/// <param name="linked">Tables with foreign keys, which come first, because others wait for them.</param>
/// <param name="mayShareTables">True when several may work on one table.</param>
/// <param name="processes">How many may run at once.</param>
internal sealed class IndexJobs(
    List<RestoreJob> jobs,
    Dictionary<int, TocEntry> entries,
    TableSizes sizes,
    IReadOnlySet<int> linked,
    bool mayShareTables,
    int processes
)
{
    // A process of its own costs some hundredths of a second.
    private const long WorthAProcess = 16 << 20;

    /// <summary>Adds the jobs.</summary>
    public void Add(IReadOnlyList<TocEntry> indexes)
    {
        var sources = Sources();
        var tables = indexes
            .GroupBy(index => index.DependsOn.OrderByDescending(sources.ContainsKey).First())
            .OrderBy(table => !linked.Contains(table.Key))
            .ThenByDescending(table => table.Count() * sizes.OfTable(table.Key))
            .ToList();
        foreach (var table in tables.Where(IsBig))
        {
            AddBig(table.Key, [.. table], sources.GetValueOrDefault(table.Key, 1));
        }

        foreach (
            var source in tables.Where(table => !IsBig(table)).GroupBy(table => sources.GetValueOrDefault(table.Key, 1))
        )
        {
            AddSmall([.. source], indexes, source.Key);
        }
    }

    private bool IsBig(IGrouping<int, TocEntry> table) =>
        mayShareTables && table.Count() > 1 && sizes.OfTable(table.Key) >= WorthAProcess;

    // The job that brings a table's data; of one without data, any.
    private Dictionary<int, int> Sources()
    {
        var found = new Dictionary<int, int>();
        foreach (var (at, job) in jobs.Index().Where(job => job.Item.ReadsData))
        {
            foreach (var table in job.Ids.SelectMany(id => entries[id].DependsOn))
            {
                found[table] = at;
            }
        }

        return found;
    }

    // A constraint keeps everybody else off the table, indexes do not.
    private void AddBig(int table, IReadOnlyList<TocEntry> indexes, int source)
    {
        var name = entries[table].Name;
        var constraints = indexes.Where(index => index.Kind is "CONSTRAINT").Select(index => index.Id).ToList();
        if (constraints.Count > 0)
        {
            jobs.Add(new($"constraints of {name}", constraints, [source]));
            source = jobs.Count - 1;
        }

        jobs.AddRange(
            indexes
                .Where(index => index.Kind is not "CONSTRAINT")
                .Select(index => new RestoreJob($"index {index.Name}", [index.Id], [source]))
        );
    }

    private void AddSmall(IReadOnlyList<IGrouping<int, TocEntry>> tables, IReadOnlyList<TocEntry> order, int source)
    {
        var weights = tables.Select(table => (table.Key, table.Count() * sizes.OfTable(table.Key))).ToList();
        var ids = tables.ToDictionary(table => table.Key, table => table.Select(index => index.Id));
        foreach (var (at, group) in Balance.Groups(weights, processes).Index())
        {
            var chosen = group.SelectMany(table => ids[table]).ToHashSet();
            var inOrder = order.Select(index => index.Id).Where(chosen.Contains).ToList();
            jobs.Add(new($"indexes {source} {at + 1}", inOrder, [source]));
        }
    }
}

namespace Slipway.Backups;

/// <summary>Which rows are dumped apart, by processes beside the one that dumps everything else.</summary>
internal static class DumpPlan
{
    // The server looks up each name.
    private const int MostNames = 200;
    private const int TheRest = -1;

    /// <summary>Plans.</summary>
    /// <param name="tables">Names as SQL writes them, and about how many bytes they have on disk.</param>
    /// <param name="jobs">How many may run at once.</param>
    /// <param name="bytesPerJob">How much there must be for each of them.</param>
    /// <returns>The tables of each process beside the first one.</returns>
    public static IReadOnlyList<IReadOnlyList<TableName>> Of(
        IReadOnlyList<(string Name, long Size)> tables,
        int jobs,
        long bytesPerJob
    )
    {
        var total = tables.Sum(table => table.Size);
        if (jobs <= 1 || total < jobs * bytesPerJob)
        {
            return [];
        }

        var names = tables.Select(table => Movable(table.Name)).ToList();
        List<(int Id, long Weight)> movable =
        [
            .. tables
                .Index()
                .Where(table => names[table.Index] is not null)
                .Select(table => (table.Index, table.Item.Size))
                .OrderByDescending(table => table.Size)
                .Take(MostNames),
        ];
        var rest = total - movable.Sum(table => table.Weight);
        return
        [
            .. Balance
                .WorthTheirWhile([(TheRest, rest), .. movable], jobs)
                .Where(group => !group.Contains(TheRest))
                .Select(group => group.Select(id => names[id]!).ToList()),
        ];
    }

    // pg_dump's patterns know no line breaks.
    private static TableName? Movable(string name) =>
        TableName.TryParse(name) is { } table && !$"{table}".Contains('\n', StringComparison.Ordinal) ? table : null;
}

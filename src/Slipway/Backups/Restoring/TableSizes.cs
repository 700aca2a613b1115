namespace Slipway.Backups.Restoring;

/// <summary>How big the tables of an archive are.</summary>
internal sealed class TableSizes
{
    // A table costs something even when it is empty, and so does an index.
    private const long Least = 50_000;
    private const long RowBytes = 100;
    private readonly Dictionary<int, long> _data = [];
    private readonly Dictionary<int, long> _tables = [];

    /// <summary>Finds the tables of a manifest among the entries.</summary>
    public TableSizes(Contents contents, IReadOnlyList<TableRows> tables)
    {
        var known = tables.ToLookup(table => Printed(table.Table), StringComparer.Ordinal);
        foreach (var entry in contents.All.Where(entry => entry.Kind is "TABLE DATA"))
        {
            // The owner stands behind the name, and each of them may hold spaces.
            for (var end = entry.Name.LastIndexOf(' '); end > 0; end = entry.Name.LastIndexOf(' ', end - 1))
            {
                if (known[entry.Name[..end]].FirstOrDefault() is { } table)
                {
                    _data[entry.Id] = Math.Max(Least, table.Bytes ?? table.Rows * RowBytes);
                    entry.DependsOn.ToList().ForEach(id => _tables[id] = _data[entry.Id]);
                    break;
                }
            }
        }
    }

    /// <summary>Bytes of an entry's data.</summary>
    public long OfData(int id) => _data.GetValueOrDefault(id, Least);

    /// <summary>Bytes of the table that an entry defines.</summary>
    public long OfTable(int id) => _tables.GetValueOrDefault(id, Least);

    private static string Printed(string table) =>
        TableName.TryParse(table) is { } name ? $"{TocList.Printed(name.Schema)} {TocList.Printed(name.Name)}" : table;
}

using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations;

/// <summary>Which indexes there are and which of them are valid, to find what a failed statement left behind.</summary>
internal sealed class IndexSnapshot
{
    private readonly Dictionary<uint, (string Name, string Table, bool IsValid)> _indexes;

    private IndexSnapshot(Dictionary<uint, (string Name, string Table, bool IsValid)> indexes) => _indexes = indexes;

    /// <summary>Looks at all indexes that nobody is building right now.</summary>
    public static async Task<IndexSnapshot> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Indexes = """
            SELECT i.indexrelid, format('%I.%I', n.nspname, c.relname), t.relname, i.indisvalid
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_class t ON t.oid = i.indrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname !~ '^pg_' AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
            """;
        var found = await Query.RowsAsync(
            connection,
            Indexes,
            row => (Id: row.GetFieldValue<uint>(0), Index: (row.GetString(1), row.GetString(2), row.GetBoolean(3))),
            cancellationToken
        );
        return new(found.ToDictionary(row => row.Id, row => row.Index));
    }

    /// <summary>Names of the invalid indexes that a statement made since then; quoted.</summary>
    public IReadOnlyList<string> Leftovers(IndexSnapshot before, SqlStatement statement) =>
        _indexes
            .Where(pair => !pair.Value.IsValid && !before._indexes.ContainsKey(pair.Key))
            .Where(pair => Mentions(statement, pair.Value.Table) || statement.Begins("REINDEX"))
            .Select(pair => pair.Value.Name)
            .ToList();

    /// <summary>True when an index that was valid then is invalid now.</summary>
    public bool HasDamage(IndexSnapshot before) =>
        before._indexes.Any(pair => pair.Value.IsValid && _indexes.TryGetValue(pair.Key, out var now) && !now.IsValid);

    private static bool Mentions(SqlStatement statement, string table) =>
        statement.Text.Contains(table, StringComparison.OrdinalIgnoreCase);
}

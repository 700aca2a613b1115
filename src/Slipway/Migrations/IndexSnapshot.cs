using Npgsql;

namespace Slipway.Migrations;

/// <summary>Which indexes there are and which of them are valid, to find what a failed statement left behind.</summary>
internal sealed class IndexSnapshot
{
    private readonly Dictionary<uint, (string Name, string Table, bool IsValid)> _indexes = [];

    /// <summary>Looks at all indexes that nobody is building right now.</summary>
    public static async Task<IndexSnapshot> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var snapshot = new IndexSnapshot();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT i.indexrelid, format('%I.%I', n.nspname, c.relname), t.relname, i.indisvalid
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_class t ON t.oid = i.indrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname !~ '^pg_' AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            snapshot._indexes[await reader.GetFieldValueAsync<uint>(0, cancellationToken)] = (
                reader.GetString(1),
                reader.GetString(2),
                reader.GetBoolean(3)
            );
        }

        return snapshot;
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

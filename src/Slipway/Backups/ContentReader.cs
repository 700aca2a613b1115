using Npgsql;
using Slipway.Postgres;

namespace Slipway.Backups;

/// <summary>Asks a database what it holds, in the transaction of the connection that it is given.</summary>
internal sealed class ContentReader(NpgsqlConnection connection)
{
    // What a row looks like as text must not depend on who asks.
    private const string Form = """
        SET LOCAL search_path = ''; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres';
        SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex';
        SET LOCAL xmloption = 'content'; SET LOCAL lc_monetary = 'C'
        """;

    /// <summary>Reads everything.</summary>
    /// <param name="hashed">Tells from a table's name and its bytes on disk whether its rows are hashed too.</param>
    /// <param name="counted">Knows the rows of a table that is not hashed, which spares reading it; null where it does not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DatabaseContent> ReadAsync(
        Func<string, long, bool> hashed,
        Func<TableName, Task<long?>> counted,
        CancellationToken cancellationToken
    )
    {
        await Query.RunAsync(connection, Form, cancellationToken);
        var objects = await ListAsync(
            ContentQueries.Objects,
            row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)),
            cancellationToken
        );
        return new()
        {
            Sequences = await ListAsync(
                ContentQueries.Sequences,
                row => new SequenceValue(row.GetString(0), row.IsDBNull(1) ? null : row.GetInt64(1)),
                cancellationToken
            ),
            Extensions = await ListAsync(
                ContentQueries.Extensions,
                row => new ExtensionVersion(row.GetString(0), row.GetString(1)),
                cancellationToken
            ),
            Objects = objects.ToDictionary(StringComparer.Ordinal),
            LargeObjects = (await ListAsync(ContentQueries.LargeObjects, row => row.GetInt64(0), cancellationToken))[0],
            Roles = await ListAsync(ContentQueries.Roles, row => row.GetString(0), cancellationToken),
            Properties = await PropertiesAsync(cancellationToken),
            Settings = await ListAsync(
                ContentQueries.Settings,
                row => new DatabaseSetting(
                    row.IsDBNull(0) ? null : row.GetString(0),
                    row.GetString(1),
                    row.GetString(2)
                ),
                cancellationToken
            ),
            Tables = await TablesAsync(hashed, counted, cancellationToken),
        };
    }

    /// <summary>The tables and about how many bytes they have on disk, without indexes; waits for no lock.</summary>
    public Task<IReadOnlyList<(string Name, long Size)>> SizesAsync(CancellationToken cancellationToken) =>
        ListAsync(ContentQueries.Sizes, row => (row.GetString(0), row.GetInt64(1)), cancellationToken);

    private async Task<IReadOnlyList<TableRows>> TablesAsync(
        Func<string, long, bool> hashed,
        Func<TableName, Task<long?>> counted,
        CancellationToken cancellationToken
    )
    {
        var tables = await ListAsync(
            ContentQueries.Tables,
            row => (Name: row.GetString(0), Size: row.GetInt64(1)),
            cancellationToken
        );
        var read = new List<TableRows>();
        // Those first that need not wait for what somebody else counts.
        foreach (var (name, size) in tables.OrderByDescending(table => hashed(table.Name, table.Size)))
        {
            var rows = hashed(name, size)
                ? await HashAsync(name, cancellationToken)
                : new(name, await counted(TableName.Parse(name)) ?? await CountAsync(name, cancellationToken));
            read.Add(rows with { Bytes = size });
        }

        return [.. read.OrderBy(table => table.Table, StringComparer.Ordinal)];
    }

    // The name was quoted by the server itself (format %I). A sum over nothing is null. Rows of tables that inherit from it are
    // theirs: so the dump holds them too.
    private async Task<TableRows> HashAsync(string table, CancellationToken cancellationToken) =>
        (
            await ListAsync(
                $"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM ONLY {table} AS t",
                row => new TableRows(table, row.GetInt64(0), row.GetString(1)),
                cancellationToken
            )
        )[0];

    private async Task<long> CountAsync(string table, CancellationToken cancellationToken) =>
        (await ListAsync($"SELECT count(*) FROM ONLY {table}", row => row.GetInt64(0), cancellationToken))[0];

    private async Task<DatabaseProperties> PropertiesAsync(CancellationToken cancellationToken) =>
        (
            await ListAsync(
                ContentQueries.Properties,
                row => new DatabaseProperties(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.GetString(3),
                    row.GetFieldValue<string[]>(4)
                )
                {
                    Provider = row.GetString(5),
                    Locale = row.IsDBNull(6) ? null : row.GetString(6),
                },
                cancellationToken
            )
        )[0];

    private Task<IReadOnlyList<T>> ListAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    ) => Query.RowsAsync(connection, sql, read, cancellationToken);
}

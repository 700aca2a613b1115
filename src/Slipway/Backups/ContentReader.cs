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
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DatabaseContent> ReadAsync(Func<string, long, bool> hashed, CancellationToken cancellationToken)
    {
        await Query.RunAsync(connection, Form, cancellationToken);
        var objects = await ListAsync(
            ContentQueries.Objects,
            row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)),
            cancellationToken
        );
        return new()
        {
            Tables = await TablesAsync(hashed, cancellationToken),
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
        };
    }

    /// <summary>The tables and about how many bytes they have on disk, without indexes; waits for no lock.</summary>
    public Task<IReadOnlyList<(string Name, long Size)>> SizesAsync(CancellationToken cancellationToken) =>
        ListAsync(ContentQueries.Sizes, row => (row.GetString(0), row.GetInt64(1)), cancellationToken);

    private async Task<IReadOnlyList<TableRows>> TablesAsync(
        Func<string, long, bool> hashed,
        CancellationToken cancellationToken
    )
    {
        var tables = await ListAsync(
            ContentQueries.Tables,
            row => (Name: row.GetString(0), Size: row.GetInt64(1)),
            cancellationToken
        );
        var counted = new List<TableRows>();
        foreach (var (name, size) in tables)
        {
            // The name was quoted by the server itself (format %I).
            var hash = hashed(name, size) ? "sum(hashtextextended(t::text, 0)::numeric)" : "NULL::numeric";
            var rows = await ListAsync(
                $"SELECT count(*), ({hash})::text FROM {name} AS t",
                row => new TableRows(name, row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1)) { Bytes = size },
                cancellationToken
            );
            // A sum over nothing is null; an empty table that was hashed is known to be empty.
            counted.Add(rows[0].Rows == 0 && hashed(name, size) ? rows[0] with { Hash = "0" } : rows[0]);
        }

        return counted;
    }

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

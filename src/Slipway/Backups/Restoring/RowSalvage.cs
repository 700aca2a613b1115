using System.Globalization;
using System.Text.Json;
using Slipway.Runs;
using Slipway.Storage;

namespace Slipway.Backups.Restoring;

/// <summary>Copies the rows that a backup does not have to the store.</summary>
internal sealed class RowSalvage(IObjectStore store, BackupOptions options, RunOutput output)
{
    // What is generated is generated again.
    private const string Columns = """
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        """;

    /// <summary>Copies them, in the transaction that the session is in.</summary>
    /// <param name="live">A session in the database.</param>
    /// <param name="isNew">True for such a row, in SQL.</param>
    /// <param name="writes">What was counted.</param>
    /// <param name="prefix">What the keys in the store begin with.</param>
    /// <param name="of">The salvage, without its tables.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<Salvage> CopyAsync(
        ServerSession live,
        string isNew,
        WritesSince writes,
        string prefix,
        Salvage of,
        CancellationToken cancellationToken
    )
    {
        var tables = new List<SalvagedTable>();
        foreach (var table in writes.Tables.Where(table => table.Written > 0))
        {
            var columns = (
                await live.ListAsync(
                    Columns,
                    row => row.IsDBNull(0) ? "" : row.GetString(0),
                    cancellationToken,
                    table.Table
                )
            )[0];
            if (columns.Length > 0)
            {
                var name = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{tables.Count + 1:0000}-{Readable(table.Table)}.csv"
                );
                var sql =
                    $"COPY (SELECT {columns} FROM ONLY {table.Table} AS r WHERE {isNew}) TO STDOUT (FORMAT csv, HEADER)";
                var file = await CopyAsync(live, sql, prefix, name, cancellationToken);
                tables.Add(new(table.Table, columns, table.Written, file));
            }
        }

        var salvage = of with { Tables = tables };
        await store.PutAsync(
            $"{prefix}salvage.json",
            (stream, token) =>
                stream
                    .WriteAsync(JsonSerializer.SerializeToUtf8Bytes(salvage, RestoreJson.Default.Salvage), token)
                    .AsTask(),
            cancellationToken
        );
        return salvage;
    }

    private async Task<StoredArchive> CopyAsync(
        ServerSession live,
        string sql,
        string prefix,
        string name,
        CancellationToken cancellationToken
    )
    {
        var writer = new ArchiveWriter(options.WriteKey, options.CompressionLevel);
        var file = name + writer.Ending;
        ArchiveSums? sums = null;
        using var progress = output.Progress($"salvage {name}", null, RunOutput.Bytes);
        await store.PutAsync(
            $"{prefix}{file}",
            async (target, token) =>
            {
                // Its reader stands on the bytes as the server sends them.
                using var reader = (StreamReader)await live.Connection.BeginTextExportAsync(sql, token);
                sums = await writer.WriteAsync(reader.BaseStream, target, progress.Report, token);
            },
            cancellationToken
        );
        return new(file, sums!);
    }

    private static string Readable(string table) =>
        string.Concat(table.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-'))[
            ..Math.Min(table.Length, 80)
        ];
}

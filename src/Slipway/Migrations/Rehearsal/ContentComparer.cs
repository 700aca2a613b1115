using System.Globalization;
using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.Rehearsal;

/// <summary>Compares the rows of tables in two databases, by a hash of every row.</summary>
internal static class ContentComparer
{
    /// <summary>What the second database lost of some tables.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it is.</param>
    /// <param name="tables">The tables, as SQL writes them.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<IReadOnlyList<string>> CompareAsync(
        NpgsqlConnection before,
        NpgsqlConnection after,
        IReadOnlyList<string> tables,
        CancellationToken cancellationToken
    )
    {
        var found = new List<string>();
        foreach (var table in tables)
        {
            var columns = await ColumnsAsync(before, table, cancellationToken);
            var left = await ColumnsAsync(after, table, cancellationToken);
            if (columns.Count == 0 || left.Count == 0)
            {
                // That it is gone, or was not there, the definitions tell.
                continue;
            }

            var common = columns.Intersect(left, StringComparer.Ordinal).ToList();
            var (lost, made) = await DifferenceAsync(before, after, table, common, cancellationToken);
            if (lost + made > 0)
            {
                found.Add(
                    lost == made
                        ? $"{Number(lost)} rows of {table} have other values than before"
                        : $"{table} lost {Number(lost)} rows and has {Number(made)} that were not there before"
                );
            }
        }

        return found;
    }

    private static Task<IReadOnlyList<string>> ColumnsAsync(
        NpgsqlConnection connection,
        string table,
        CancellationToken cancellationToken
    ) =>
        Query.RowsAsync(
            connection,
            """
            SELECT format('%I', attname) FROM pg_attribute
            WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attname
            """,
            row => row.GetString(0),
            cancellationToken,
            table
        );

    // Both come in the order of their hashes, so that neither has to be kept.
    private static async Task<(long Lost, long Made)> DifferenceAsync(
        NpgsqlConnection before,
        NpgsqlConnection after,
        string table,
        IReadOnlyList<string> columns,
        CancellationToken cancellationToken
    )
    {
        await using var first = new NpgsqlCommand(Hashes(table, columns), before) { CommandTimeout = 0 };
        await using var second = new NpgsqlCommand(Hashes(table, columns), after) { CommandTimeout = 0 };
        await using var old = await first.ExecuteReaderAsync(cancellationToken);
        await using var now = await second.ExecuteReaderAsync(cancellationToken);
        var (lost, made) = (0L, 0L);
        var (hasOld, hasNow) = (await old.ReadAsync(cancellationToken), await now.ReadAsync(cancellationToken));
        while (hasOld || hasNow)
        {
            var order =
                !hasNow ? -1
                : !hasOld ? 1
                : old.GetInt64(0).CompareTo(now.GetInt64(0));
            lost += order < 0 ? 1 : 0;
            made += order > 0 ? 1 : 0;
            hasOld = order <= 0 ? await old.ReadAsync(cancellationToken) : hasOld;
            hasNow = order >= 0 ? await now.ReadAsync(cancellationToken) : hasNow;
        }

        return (lost, made);
    }

    private static string Hashes(string table, IReadOnlyList<string> columns) =>
        $"SELECT hashtextextended(ROW({string.Join(", ", columns)})::text, 0) AS hash FROM {table} ORDER BY hash";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

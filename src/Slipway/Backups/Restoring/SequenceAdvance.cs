using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Sets sequences as far as the live database took them: numbers that were given to somebody are not given twice.</summary>
internal static class SequenceAdvance
{
    private const string Values = """
        SELECT format('%I.%I', schemaname, sequencename), last_value, increment_by > 0 FROM pg_sequences
        WHERE last_value IS NOT NULL ORDER BY 1
        """;

    /// <summary>Sets them.</summary>
    /// <returns>Those that were set.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(
        ServerSession live,
        DatabaseUrl restored,
        CancellationToken cancellationToken
    )
    {
        await using var session = await ServerSession.ConnectAsync(restored, restored.Database, cancellationToken);
        var there = (await ReadAsync(session, cancellationToken)).ToDictionary(
            found => found.Name,
            StringComparer.Ordinal
        );
        var all = (
            await session.ListAsync(
                "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences",
                row => row.GetString(0),
                cancellationToken
            )
        ).ToHashSet(StringComparer.Ordinal);
        var set = new List<string>();
        foreach (var (name, value, rises) in await ReadAsync(live, cancellationToken))
        {
            var isBehind = !there.TryGetValue(name, out var copy) || (rises ? copy.Value < value : copy.Value > value);
            if (all.Contains(name) && isBehind)
            {
                await session.ListAsync(
                    "SELECT setval($1::regclass, $2)",
                    row => row.GetInt64(0),
                    cancellationToken,
                    name,
                    value
                );
                set.Add(name);
            }
        }

        return set;
    }

    private static Task<IReadOnlyList<(string Name, long Value, bool Rises)>> ReadAsync(
        ServerSession session,
        CancellationToken cancellationToken
    ) => session.ListAsync(Values, row => (row.GetString(0), row.GetInt64(1), row.GetBoolean(2)), cancellationToken);
}

namespace Slipway.Backups.Restoring;

/// <summary>What a database is, apart from what is in it.</summary>
/// <param name="Id">The server's number of it, which a change of its name does not change.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="TakesConnections">False while nobody is let in.</param>
/// <param name="ConnectionLimit">Most connections at once; -1 when not limited.</param>
/// <param name="Grants">Its access list; empty for the default.</param>
/// <param name="Comment">What is written beside it; null when nothing is.</param>
internal sealed record DatabaseState(
    long Id,
    string Owner,
    bool TakesConnections,
    int ConnectionLimit,
    IReadOnlyList<string> Grants,
    string? Comment
)
{
    private const string Question = """
        SELECT oid::bigint, pg_get_userbyid(datdba)::text, datallowconn, datconnlimit, coalesce(datacl::text[], '{}'),
               coalesce(shobj_description(oid, 'pg_database'), '')
        FROM pg_database WHERE datname = $1
        """;

    /// <summary>Asks; null when there is no such database.</summary>
    public static async Task<DatabaseState?> ReadAsync(
        ServerSession server,
        string database,
        CancellationToken cancellationToken
    ) =>
        (
            await server.ListAsync(
                Question,
                row => new DatabaseState(
                    row.GetInt64(0),
                    row.GetString(1),
                    row.GetBoolean(2),
                    row.GetInt32(3),
                    row.GetFieldValue<string[]>(4),
                    row.GetString(5) is { Length: > 0 } comment ? comment : null
                ),
                cancellationToken,
                database
            )
        ).SingleOrDefault();
}

namespace Slipway.Backups.Restoring;

/// <summary>Counts the transaction numbers that a restore uses up, and that nobody wrote to the live database with.</summary>
internal sealed class OwnTransactions
{
    // What ran in the live database meanwhile, reading or writing, may have taken some of them.
    private const string Foreign =
        "SELECT coalesce(sum(xact_commit + xact_rollback), 0)::bigint FROM pg_stat_database WHERE datname = $1";

    private readonly ServerSession _server;
    private readonly string _database;
    private readonly long _next;
    private readonly long _foreign;

    private OwnTransactions(ServerSession server, string database, long next, long foreign) =>
        (_server, _database, _next, _foreign) = (server, database, next, foreign);

    /// <summary>How many, at least; 0 until the end.</summary>
    public long Count { get; private set; }

    public static async Task<OwnTransactions> BeginAsync(
        ServerSession server,
        string database,
        CancellationToken cancellationToken
    ) =>
        new(
            server,
            database,
            await WritesCounter.NextAsync(server, cancellationToken),
            await ForeignAsync(server, database, cancellationToken)
        );

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        var used = await WritesCounter.NextAsync(_server, cancellationToken) - _next;
        var foreign = await ForeignAsync(_server, _database, cancellationToken) - _foreign;
        Count = Math.Max(0, used - Math.Max(0, foreign));
    }

    private static async Task<long> ForeignAsync(
        ServerSession server,
        string database,
        CancellationToken cancellationToken
    ) => (await server.ListAsync(Foreign, row => row.GetInt64(0), cancellationToken, database))[0];
}

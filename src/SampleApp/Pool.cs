namespace SampleApp;

/// <summary>The connections to the database, in the seconds that Npgsql counts in.</summary>
/// <param name="Max">Most that are opened.</param>
/// <param name="OpenSeconds">How long a request waits for one.</param>
/// <param name="QuerySeconds">How long a query may take.</param>
/// <param name="IdleSeconds">How long an unused one stays open.</param>
internal sealed record Pool(int Max, int OpenSeconds, int QuerySeconds, int IdleSeconds)
{
    // Npgsql has one limit for both waits, the one for the server and the one for a free connection: the shorter one holds.
    public static Pool Read(EnvironmentReader from) =>
        new(
            from.Number("DB_POOL_MAX", 20),
            Math.Min(from.Number("DB_CONNECT_TIMEOUT", 10), from.Number("DB_POOL_CONNECTION_TIMEOUT", 20)),
            Seconds(from.Number("DB_QUERY_TIMEOUT", 60_000)),
            Seconds(from.Number("DB_IDLE_TIMEOUT", 600_000))
        );

    private static int Seconds(int milliseconds) => Math.Max(1, milliseconds / 1000);
}

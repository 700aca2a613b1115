namespace Slipway.Settings;

/// <summary>The application's connections to its database.</summary>
public sealed record PoolSettings
{
    /// <summary>Most connections it opens (<c>DB_POOL_MAX</c>); default 20.</summary>
    public int Max { get; init; } = 20;

    /// <summary>How long it waits for a free connection (<c>DB_POOL_CONNECTION_TIMEOUT</c>, seconds); default 20 s.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long it waits for the server (<c>DB_CONNECT_TIMEOUT</c>, seconds); default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one query may take (<c>DB_QUERY_TIMEOUT</c>, milliseconds); default 60 s.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an unused connection stays open (<c>DB_IDLE_TIMEOUT</c>, milliseconds); default 10 min.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);
}

using Npgsql;

namespace SampleApp;

/// <summary>The application's settings, all from the environment.</summary>
internal sealed record AppSettings
{
    public required string ConnectionString { get; init; }

    public required int Port { get; init; }

    public required string Version { get; init; }

    public required string AccessTokenSecret { get; init; }

    public required string RefreshTokenSecret { get; init; }

    public required string CsrfSecret { get; init; }

    public string? LogFile { get; init; }

    public bool IsProduction { get; init; }

    public int PoolMax { get; init; } = 20;

    public int AuthRequestsPer10Seconds { get; init; } = 30;

    public int GraceDays { get; init; } = 30;

    /// <summary>Reads the environment; null with everything that is wrong with it.</summary>
    public static AppSettings? Read(out IReadOnlyList<string> problems)
    {
        var from = new EnvironmentReader();
        var pool = Pool.Read(from);
        var settings = new AppSettings
        {
            ConnectionString = Connection(from.Needed("DATABASE_URL"), pool, from.Problems),
            Port = from.Number("PORT", 3000),
            Version = EnvironmentReader.Get("APP_VERSION") ?? "development",
            AccessTokenSecret = from.Secret("ACCESS_TOKEN_SECRET"),
            RefreshTokenSecret = from.Secret("REFRESH_TOKEN_SECRET"),
            CsrfSecret = from.Secret("CSRF_SECRET"),
            LogFile = EnvironmentReader.Get("LOG_FILE"),
            IsProduction = EnvironmentReader.Get("NODE_ENV") == "production",
            PoolMax = pool.Max,
            AuthRequestsPer10Seconds = from.Number("RATE_LIMIT_AUTH_PER_10S", 30),
            GraceDays = from.Number("SOFT_DELETE_GRACE_PERIOD_DAYS", 30, least: 0),
        };
        problems = from.Problems;
        return problems.Count == 0 ? settings : null;
    }

    // A Prisma-style address: what follows the question mark is for other clients, but for a few.
    private static string Connection(string url, Pool pool, List<string> problems)
    {
        if (
            !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("postgresql" or "postgres")
        )
        {
            problems.Add("DATABASE_URL must be postgresql://user:password@host:port/database");
            return "";
        }

        var user = address.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        var options = address
            .Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[^1]), StringComparer.Ordinal);
        return new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.IsDefaultPort || address.Port < 0 ? 5432 : address.Port,
            Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')),
            Username = user[0],
            Password = user.ElementAtOrDefault(1),
            SearchPath = options.GetValueOrDefault("schema", "public"),
            SslMode = options.GetValueOrDefault("sslmode") switch
            {
                "disable" => SslMode.Disable,
                "require" => SslMode.Require,
                "verify-full" => SslMode.VerifyFull,
                _ => SslMode.Prefer,
            },
            MaxPoolSize = pool.Max,
            Timeout = pool.OpenSeconds,
            CommandTimeout = pool.QuerySeconds,
            ConnectionIdleLifetime = pool.IdleSeconds,
            ConnectionPruningInterval = Math.Min(10, pool.IdleSeconds),
            ApplicationName = "sample-app",
        }.ConnectionString;
    }
}

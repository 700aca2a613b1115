using Npgsql;
using Slipway.Settings;

namespace Slipway.Postgres;

/// <summary>Makes Npgsql's and libpq's connection settings from a database address.</summary>
public static class PostgresSource
{
    /// <summary>A data source without a pool: what Slipway opens is held for a purpose and closed with it.</summary>
    /// <param name="url">Where the database is.</param>
    /// <param name="purpose">Shown as <c>application_name</c> in <c>pg_stat_activity</c>, after "slipway ".</param>
    public static NpgsqlDataSource Create(DatabaseUrl url, string purpose) =>
        NpgsqlDataSource.Create(Settings(url, purpose));

    /// <summary>
    /// A data source for much work in short time. A session that was closed is kept for whoever opens the next one, who gets it
    /// as good as new: the first that it is sent is DISCARD ALL. Of types it knows those that every server has, and asks for none.
    /// </summary>
    public static NpgsqlDataSource CreateReusing(DatabaseUrl url, string purpose)
    {
        var settings = Settings(url, purpose);
        settings.Pooling = true;
        // What lies idle for longer may have been dropped by something on the way.
        (settings.ConnectionIdleLifetime, settings.ConnectionPruningInterval) = (10, 5);
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableTransportSecurity();
        builder.EnableIntegratedSecurity();
        builder.EnableArrays();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    /// <summary>Variables of the person's own environment that would lead psql and its like elsewhere; they are taken away.</summary>
    public static IReadOnlyList<string> ForeignVariables { get; } =
    ["PGSERVICE", "PGSERVICEFILE", "PGOPTIONS", "PGHOSTADDR", "PGPASSFILE", "PGTARGETSESSIONATTRS"];

    /// <summary>The variables with which psql, pg_dump and pg_restore reach the database; nothing shows in a process list.</summary>
    public static IReadOnlyDictionary<string, Secret> LibpqVariables(DatabaseUrl url, string purpose)
    {
        var variables = new Dictionary<string, string?>
        {
            ["PGHOST"] = url.Host,
            ["PGPORT"] = $"{url.Port}",
            ["PGDATABASE"] = url.Database,
            ["PGUSER"] = url.User,
            ["PGPASSWORD"] = url.Password?.Reveal(),
            ["PGSSLMODE"] = url.SslMode,
            ["PGSSLROOTCERT"] = url.SslRootCertificate,
            ["PGCONNECT_TIMEOUT"] = $"{Seconds(url.ConnectTimeout)}",
            ["PGAPPNAME"] = $"slipway {purpose}",
        };
        return variables
            .Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => new Secret(pair.Value!), StringComparer.Ordinal);
    }

    /// <summary>A database for an argument of libpq's programs, which take a name with <c>=</c> or <c>://</c> in it for a whole address.</summary>
    public static string ConnectionInfo(string database)
    {
        var quoted = database
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("'", "\\'", StringComparison.Ordinal);
        return $"dbname='{quoted}'";
    }

    private static NpgsqlConnectionStringBuilder Settings(DatabaseUrl url, string purpose) =>
        new()
        {
            Host = url.Host,
            Port = url.Port,
            Database = url.Database,
            Username = url.User,
            Password = url.Password?.Reveal(),
            Timeout = Seconds(url.ConnectTimeout),
            CommandTimeout = 0,
            SslMode = Mode(url.SslMode),
            RootCertificate = url.SslRootCertificate,
            // Quoted, because the server folds a bare name to lower case and splits it at commas.
            SearchPath = $"\"{url.Schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            Options = url.Options,
            ApplicationName = $"slipway {purpose}",
            Pooling = false,
            KeepAlive = 15,
            IncludeErrorDetail = false,
            // Tells which statement of many failed.
            IncludeFailedBatchedCommand = true,
        };

    private static int Seconds(TimeSpan span) => (int)Math.Ceiling(span.TotalSeconds);

    private static SslMode Mode(string mode) =>
        mode switch
        {
            "disable" => SslMode.Disable,
            "allow" => SslMode.Allow,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            _ => SslMode.Prefer,
        };
}

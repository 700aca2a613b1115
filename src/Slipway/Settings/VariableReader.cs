using System.Globalization;
using System.Text;

namespace Slipway.Settings;

/// <summary>Makes settings of the checklist's variables.</summary>
internal sealed class VariableReader(string environment, VariableSet variables, ProblemList problems)
{
    private const int ShortestRepositoryKey = 32;
    private const string Generate = "make one with: openssl rand -base64 32";

    // Stands in after a problem was reported; never leaves the reader, because problems end it.
    private static readonly DatabaseUrl Nowhere = new()
    {
        Host = "",
        Database = "",
        User = "",
        Raw = new Secret(""),
    };

    private string DotEnv => $".nuke/environments/{environment}.env";

    public PoolSettings Pool() =>
        new()
        {
            Max = variables.Number("DB_POOL_MAX", 1, 10_000),
            WaitTimeout = variables.Seconds("DB_POOL_CONNECTION_TIMEOUT", 600),
            ConnectTimeout = variables.Seconds("DB_CONNECT_TIMEOUT", 300),
            QueryTimeout = variables.Milliseconds("DB_QUERY_TIMEOUT", 100, 86_400_000),
            IdleTimeout = variables.Milliseconds("DB_IDLE_TIMEOUT", 1000, 86_400_000),
        };

    public SoftDeleteSettings SoftDelete() =>
        new()
        {
            GracePeriod = TimeSpan.FromDays(variables.Number("SOFT_DELETE_GRACE_PERIOD_DAYS", 1, 3650)),
            Schedule = variables.Schedule("PERMANENT_DELETE_SCHEDULE"),
        };

    public MonitoringSettings Monitoring() =>
        new(
            variables.Flag("DB_MONITORING_ENABLED"),
            variables.Milliseconds("DB_CONNECTION_TIME_THRESHOLD", 20, 600_000),
            variables.Milliseconds("DB_QUERY_TIME_THRESHOLD", 50, 3_600_000),
            variables.Number("DB_CONNECTION_COUNT_THRESHOLD", 1, 100_000)
        );

    public BackupSettings Backup()
    {
        var key = variables.Find("BACKUP_ENCRYPTION_KEY")?.Value;
        var settings = new BackupSettings(
            variables.Flag("BACKUP_ENABLED"),
            variables.Number("BACKUP_RETENTION_DAYS", 1, 3650),
            key is null ? null : new Secret(key)
        )
        {
            Schedule = variables.Schedule("BACKUP_SCHEDULE"),
            EncryptionEnabled = variables.Flag("BACKUP_ENCRYPTION_ENABLED"),
            // A placeholder was refused already.
            Bucket =
                variables.Find("BACKUP_S3_BUCKET")?.Value is { } bucket && Placeholders.Find(bucket) is null
                    ? bucket
                    : null,
            Region = variables.Find("BACKUP_S3_REGION")?.Value,
        };
        if (settings is { EncryptionEnabled: true, EncryptionKey: null })
        {
            Refuse(
                "BACKUP_ENCRYPTION_KEY",
                "is missing, though BACKUP_ENCRYPTION_ENABLED is true",
                $"{Generate}, or age-keygen"
            );
        }

        WarnOf(settings);
        return settings;
    }

    /// <summary>Adds the access key that the environment's own variables hold; AWS's own chain looks at the rest.</summary>
    public StoreSettings WithCredentials(StoreSettings store)
    {
        var key = variables.Find("AWS_ACCESS_KEY_ID")?.Value;
        var secret = variables.Find("AWS_SECRET_ACCESS_KEY")?.Value;
        if (store.Bucket is null || key is null || secret is null)
        {
            return store;
        }

        var token = variables.Find("AWS_SESSION_TOKEN")?.Value;
        return store with
        {
            Bucket = store.Bucket with
            {
                AccessKey = key,
                SecretKey = new(secret),
                SessionToken = token is null ? null : new(token),
            },
        };
    }

    /// <summary>Adds what encrypts the repository of pgBackRest, and refuses a bucket that it cannot use.</summary>
    public BackupSettings WithRepository(BackupSettings backup, StoreSettings store)
    {
        if (backup.Server is not { } server)
        {
            return backup;
        }

        var key = variables.Find(VariableNames.RepositoryKey)?.Value;
        if (key is null && backup.EncryptionEnabled)
        {
            Refuse(
                VariableNames.RepositoryKey,
                "is missing, though BACKUP_ENCRYPTION_ENABLED is true and backup.pgBackRest is set",
                "make one with: openssl rand -base64 48; keep a copy elsewhere, it can never be changed"
            );
        }
        else if (key?.Length < ShortestRepositoryKey)
        {
            Refuse(
                VariableNames.RepositoryKey,
                $"has {key.Length} characters, and {ShortestRepositoryKey} or more are needed: pgBackRest stretches it hardly at all",
                "make one with: openssl rand -base64 48"
            );
        }

        if (server.Repository is null)
        {
            CheckBucket(store.Bucket);
        }

        return backup with
        {
            Server = server with { Key = key is null ? null : new(key) },
        };
    }

    /// <summary>The database; its parameters and the DB_ variables must say the same.</summary>
    public DatabaseSettings Database((string? SystemIdentifier, string? Address) pins)
    {
        var shadow = Parse(VariableNames.Shadow)?.Url;
        if (variables.Find(VariableNames.Database) is null)
        {
            Refuse(VariableNames.Database, "is not set", $"put it into {DotEnv} or into the process environment");
        }

        if (Parse(VariableNames.Database) is not { } main)
        {
            return new(Nowhere, null, null, null);
        }

        Agree(main.Parameters, "connection_limit", "DB_POOL_MAX");
        Agree(main.Parameters, "pool_timeout", "DB_POOL_CONNECTION_TIMEOUT");
        Agree(main.Parameters, "connect_timeout", "DB_CONNECT_TIMEOUT");
        Check(main.Url, shadow);
        return new(main.Url, pins.SystemIdentifier, pins.Address, shadow);
    }

    /// <summary>Secrets are long, different, and in production all there; NODE_ENV fits the environment.</summary>
    public void CheckSecurity()
    {
        var production = EnvironmentFile.IsProduction(environment);
        foreach (var name in VariableNames.Secrets.Where(name => variables.Find(name) is null))
        {
            var remedy = $"{Generate}, and put it into {DotEnv}";
            if (production)
            {
                Refuse(name, "is not set", remedy);
            }
            else
            {
                problems.Warn(name, null, "is not set", remedy);
            }
        }

        CheckStrength();
        if (production && variables.Find("NODE_ENV") is { Value: not "production" } mode)
        {
            var problem = $"must be production in {environment} ({mode.Origin})";
            problems.Add("NODE_ENV", mode.Value, problem, "set it to production");
        }
    }

    private void CheckBucket(BucketSettings? bucket)
    {
        const string Name = "backup.pgBackRest.repository";
        if (bucket is null)
        {
            Refuse(
                Name,
                "is missing, and the store is no bucket",
                "name a folder on another disk than the server's that the server's user may write, or store.bucket"
            );
        }
        else if (bucket.Endpoint is { Scheme: not "https" })
        {
            Refuse(
                Name,
                "is missing, and pgBackRest reaches buckets by https only, which store.endpoint is not",
                "write https:// there, or name a folder here"
            );
        }
        else if (bucket.SessionToken is not null)
        {
            Refuse(
                Name,
                "is missing, and the access key of the store's bucket is a temporary one (AWS_SESSION_TOKEN), with which archiving would end soon",
                "give the server's machine a role, or the environment a lasting key"
            );
        }
    }

    private void CheckStrength()
    {
        var secrets = variables
            .All.Where(item => item.Name.EndsWith("_SECRET", StringComparison.Ordinal))
            .Select(item => (item.Name, item.Variable.Value, Bytes: Encoding.UTF8.GetByteCount(item.Variable.Value)))
            .ToList();
        foreach (var (name, _, bytes) in secrets.Where(secret => secret.Bytes < 32))
        {
            Refuse(name, $"has {bytes} bytes, a secret needs 32 or more ({variables.Find(name)?.Origin})", Generate);
        }

        foreach (
            var same in secrets
                .GroupBy(secret => secret.Value, StringComparer.Ordinal)
                .Where(same => same.Skip(1).Any())
        )
        {
            Refuse(
                string.Join(" and ", same.Select(secret => secret.Name)),
                "are the same",
                "each needs its own: openssl rand -base64 32"
            );
        }
    }

    private void Check(DatabaseUrl main, DatabaseUrl? shadow)
    {
        // Another schema would be no protection: migration tools create and drop whole databases.
        if (shadow is not null && (main.Host, main.Port, main.Database) == (shadow.Host, shadow.Port, shadow.Database))
        {
            const string Problem =
                "is the same database as DATABASE_URL, and migration tools empty the shadow database";
            Refuse(VariableNames.Shadow, Problem, "name a database of its own");
        }

        if (main.PgBouncer)
        {
            problems.Warn(
                $"{VariableNames.Database} ?pgbouncer",
                "true",
                "locks and backups need the server itself, so migrations will be refused",
                "give the deploy the address of the server, not of PgBouncer"
            );
        }
    }

    private void WarnOf(BackupSettings backup)
    {
        if (!backup.EncryptionEnabled)
        {
            problems.Warn(
                "BACKUP_ENCRYPTION_ENABLED",
                "false",
                "backups are written UNENCRYPTED",
                "set it to true, and BACKUP_ENCRYPTION_KEY to a key: age-keygen"
            );
        }

        if (!backup.Enabled)
        {
            const string Remedy = "set it to true, unless somebody else takes backups";
            problems.Warn("BACKUP_ENABLED", "false", "no backup is taken before the migration", Remedy);
        }
    }

    private (DatabaseUrl Url, IReadOnlyDictionary<string, string> Parameters)? Parse(string name) =>
        variables.Find(name) is { } found ? new DatabaseUrlParser(name, problems).Parse(found.Value) : null;

    private void Agree(IReadOnlyDictionary<string, string> parameters, string parameter, string name)
    {
        if (!parameters.TryGetValue(parameter, out var inUrl) || variables.Find(name) is not { } variable)
        {
            return;
        }

        if (variable.IsDefault)
        {
            variables.Derive(name, inUrl, $"{VariableNames.Database} ?{parameter}");
        }
        else if (
            int.TryParse(variable.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number != int.Parse(inUrl, CultureInfo.InvariantCulture)
        )
        {
            var problem = $"differs from {VariableNames.Database} ?{parameter}={inUrl} ({variable.Origin})";
            problems.Add(name, variable.Value, problem, "make them equal, or remove one of them");
        }
    }

    private void Refuse(string name, string problem, string remedy) => problems.Add(name, null, problem, remedy);
}

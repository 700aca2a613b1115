namespace Slipway.Settings;

/// <summary>The variables of the checklist's section "Environment Variables", with its values as defaults where they can be.</summary>
internal static class VariableNames
{
    public const string Database = "DATABASE_URL";
    public const string Shadow = "SHADOW_DATABASE_URL";

    /// <summary>The secrets that the checklist names for the application.</summary>
    public static readonly IReadOnlyList<string> Secrets =
    [
        "ACCESS_TOKEN_SECRET",
        "REFRESH_TOKEN_SECRET",
        "CSRF_SECRET",
    ];

    /// <summary>Every variable of the section in its order; null where there is no default.</summary>
    public static readonly IReadOnlyList<(string Name, string? Default)> All =
    [
        (Database, null),
        (Shadow, null),
        ("DB_POOL_MAX", "20"),
        ("DB_POOL_CONNECTION_TIMEOUT", "20"),
        ("DB_CONNECT_TIMEOUT", "10"),
        ("DB_QUERY_TIMEOUT", "60000"),
        ("DB_IDLE_TIMEOUT", "600000"),
        ("BACKUP_ENABLED", "true"),
        ("BACKUP_SCHEDULE", "0 2 * * *"),
        ("BACKUP_RETENTION_DAYS", "7"),
        ("BACKUP_S3_BUCKET", null),
        ("BACKUP_S3_REGION", null),
        ("BACKUP_ENCRYPTION_ENABLED", "false"),
        ("BACKUP_ENCRYPTION_KEY", null),
        ("SOFT_DELETE_GRACE_PERIOD_DAYS", "30"),
        ("PERMANENT_DELETE_SCHEDULE", "0 3 * * *"),
        ("DB_MONITORING_ENABLED", "true"),
        ("DB_CONNECTION_TIME_THRESHOLD", "5000"),
        ("DB_QUERY_TIME_THRESHOLD", "10000"),
        ("DB_CONNECTION_COUNT_THRESHOLD", "15"),
        ("NODE_ENV", "production"),
        .. Secrets.Select(name => (name, (string?)null)),
    ];

    /// <summary>The access key of a store in S3, should it not come from where AWS's own tools look.</summary>
    public static readonly IReadOnlyList<string> OfStore =
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ];

    /// <summary>What encrypts the repository of pgBackRest. Unlike the key of the dumps it can never be changed.</summary>
    public const string RepositoryKey = "BACKUP_REPOSITORY_KEY";

    private static readonly string[] SecretEndings =
    [
        "_SECRET",
        "_KEY",
        "_PASSWORD",
        "_TOKEN",
        "DATABASE_URL",
        "_WEBHOOK_URL",
    ];

    /// <summary>The value a variable has when nobody sets it, or null.</summary>
    public static string? Default(string name) =>
        All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.Ordinal)).Default;

    /// <summary>True for what only deploys need: the application gets it only when passVariables names it.</summary>
    public static bool IsOfDeploysOnly(string name) =>
        name is "BACKUP_ENCRYPTION_KEY" or RepositoryKey || OfStore.Contains(name);

    /// <summary>True when a variable's name says that its value is secret.</summary>
    public static bool IsSecret(string name) =>
        SecretEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}

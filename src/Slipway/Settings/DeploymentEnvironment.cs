namespace Slipway.Settings;

/// <summary>Everything that one environment is made of, read once and never changed.</summary>
public sealed record DeploymentEnvironment
{
    /// <summary>Name of the environment, as in <c>--env</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Folder of the project that is deployed; relative paths start here.</summary>
    public required string Root { get; init; }

    /// <summary>True when Slipway provides server, store and proxy by itself.</summary>
    public bool ProvisionedLocally { get; init; }

    /// <summary>The database that is backed up and migrated.</summary>
    public required DatabaseSettings Database { get; init; }

    /// <summary>Where backups, run records and locks are kept.</summary>
    public required StoreSettings Store { get; init; }

    /// <summary>How migrations are found and applied.</summary>
    public required MigrationSettings Migrations { get; init; }

    /// <summary>The tests that must pass before anything changes.</summary>
    public required TestSettings Test { get; init; }

    /// <summary>How a release is made and shipped.</summary>
    public required ReleaseSettings Release { get; init; }

    /// <summary>How a release proves that it is healthy.</summary>
    public required HealthSettings Health { get; init; }

    /// <summary>What is verified after the switch.</summary>
    public required VerifySettings Verify { get; init; }

    /// <summary>Backup policy.</summary>
    public required BackupSettings Backup { get; init; }

    /// <summary>Thresholds of the database's health.</summary>
    public required MonitoringSettings Monitoring { get; init; }

    /// <summary>The application's connections to its database.</summary>
    public PoolSettings Pool { get; init; } = new();

    /// <summary>What happens to rows that users deleted.</summary>
    public SoftDeleteSettings SoftDelete { get; init; } = new();

    /// <summary>True when a person has to confirm the plan.</summary>
    public bool ApprovalRequired { get; init; }

    /// <summary>Slack incoming webhook; null when nobody is told.</summary>
    public Secret? SlackWebhook { get; init; }

    /// <summary>The variables that the application and the environment's own commands get, secrets among them.</summary>
    public required IReadOnlyDictionary<string, Secret> Variables { get; init; }
}

namespace Slipway.Runs;

/// <summary>How far a run had come when it failed.</summary>
public enum Stage
{
    /// <summary>Nothing was touched.</summary>
    Preflight,

    /// <summary>A backup was being taken.</summary>
    PreBackup,

    /// <summary>Migrations were being read.</summary>
    MigrateStatus,

    /// <summary>Migrations were being tried on a restored backup.</summary>
    Rehearse,

    /// <summary>Tests were running.</summary>
    Test,

    /// <summary>Migrations were being applied.</summary>
    MigrateDeploy,

    /// <summary>The new release was being prepared; the old one served.</summary>
    DeployAppBeforeSwitch,

    /// <summary>Traffic was on the new release, or on its way there.</summary>
    DeployAppAfterSwitch,

    /// <summary>The new release served and was being probed.</summary>
    HealthCheck,

    /// <summary>The new release served and was being verified.</summary>
    PostVerify,

    /// <summary>A person had users put back on an earlier release.</summary>
    Rollback,
}

using Nuke.Common;

/// <summary>The production deployment checklist, one target an item. The order is the checklist's, whatever is named.</summary>
partial class Build : NukeBuild
{
    [Parameter("Environment to work on: the name of a file in .nuke/environments.")]
    readonly string Env;

    [Parameter("Shows what would be done and touches nothing.")]
    readonly bool DryRun;

    public static int Main()
    {
        Composition.LetStepsEnd();
        return Execute<Build>();
    }

    Target Deploy =>
        _ =>
            _.Description("The whole chain: back up, migrate, ship, check, verify; and back again when a step fails")
                .Requires(() => Env)
                .DependsOn(
                    Preflight,
                    PreBackup,
                    MigrateStatus,
                    Rehearse,
                    Test,
                    MigrateDeploy,
                    DeployApp,
                    HealthCheck,
                    PostVerify
                );

    Target Preflight =>
        _ =>
            _.Description("Settings, tools, database, disk space and lock are as they must be; the plan is approved")
                .Requires(() => Env)
                .Executes(() => Step(nameof(Preflight), chain => chain.PreflightAsync));

    Target PreBackup =>
        _ =>
            _.Description("Backs the database up and reads the backup back to its end")
                .Requires(() => Env)
                .DependsOn(Preflight)
                .Executes(() => Step(nameof(PreBackup), chain => chain.PreBackupAsync));

    Target MigrateStatus =>
        _ =>
            _.Description("Shows which migrations are applied, pending, changed, missing or failed")
                .Requires(() => Env)
                .After(Preflight, PreBackup)
                .Executes(ShowMigrationsAsync);

    Target Rehearse =>
        _ =>
            _.Description("Tries the pending migrations on the restored backup: up, down, compare, up again")
                .Requires(() => Env)
                .DependsOn(Preflight, PreBackup, MigrateStatus)
                .Executes(() => Step(nameof(Rehearse), chain => chain.RehearseAsync));

    Target Test =>
        _ =>
            _.Description("Runs the environment's tests; without --env this repository's own")
                .After(MigrateStatus, Rehearse)
                .Executes(() => Env is null ? TestOurselves() : Step(nameof(Test), chain => chain.TestAsync));

    Target MigrateDeploy =>
        _ =>
            _.Description("Applies the pending migrations, one at a time, each in a transaction")
                .Requires(() => Env)
                .DependsOn(Preflight, PreBackup, MigrateStatus)
                .After(Rehearse, Test)
                .Executes(() => Step(nameof(MigrateDeploy), chain => chain.MigrateDeployAsync));

    Target DeployApp =>
        _ =>
            _.Description("Starts the new release beside the old one and switches the traffic when it is healthy")
                .Requires(() => Env)
                .DependsOn(Preflight)
                .After(MigrateDeploy)
                .Executes(() => Step(nameof(DeployApp), chain => chain.DeployAppAsync));

    Target HealthCheck =>
        _ =>
            _.Description("The live application answers with its version and reaches the migrated database")
                .Requires(() => Env)
                .After(DeployApp)
                .Executes(() => Step(nameof(HealthCheck), chain => chain.HealthCheckAsync));

    Target PostVerify =>
        _ =>
            _.Description("Critical functions, a database snapshot, a second backup, and the log since the switch")
                .Requires(() => Env)
                .After(HealthCheck)
                .Executes(() => Step(nameof(PostVerify), chain => chain.PostVerifyAsync));

    Target Conclude =>
        _ =>
            _.Description("Gets back when a step failed, releases the lock, writes the report")
                .Unlisted()
                .AssuredAfterFailure()
                .TriggeredBy(Preflight)
                .After(
                    PreBackup,
                    MigrateStatus,
                    Rehearse,
                    Test,
                    MigrateDeploy,
                    DeployApp,
                    HealthCheck,
                    PostVerify,
                    Deploy
                )
                .Executes(ConcludeAsync);
}

using System.Threading.Tasks;
using Nuke.Common;
using Slipway.Backups;

/// <summary>Targets for backups apart from a deploy.</summary>
partial class Build
{
    [Parameter("A backup, by its id or the beginning of it; without it the newest.", Name = "backup")]
    readonly string BackupId;

    [Parameter("How BackupVerify looks: 1 reads to the end, 2 restores to a scratch database and compares.")]
    readonly int VerifyLevel = 1;

    [Parameter("How a backup is made: dump (of the database, as without it) or pgbackrest (of the whole server).")]
    readonly string Engine;

    [Parameter("What pgBackRest copies: full, diff or incr.", Name = "type")]
    readonly string BackupType;

    [Parameter("The point that Restore goes back to with pgBackRest: a time with its zone, a position, or latest.")]
    readonly string At;

    [Parameter(
        "Where to: Restore's new database (with --at also a /folder), BackupCopy's folder, MigrateRollback's and Baseline's migration."
    )]
    readonly string To;

    [Parameter("The one table that Restore restores, as schema.table.")]
    readonly string OnlyTable;

    [Parameter("Brings a restore that was interrupted to an end.")]
    readonly bool Finish;

    [Parameter("Gives the backups to the current keys; BACKUP_ENCRYPTION_FORMER_KEY opens them.")]
    readonly bool Rewrap;

    [Parameter("Prints JSON (Backups, BackupStatus, MigrateStatus).")]
    readonly bool AsJson;

    [Parameter("Text file for Prometheus that BackupStatus writes.")]
    readonly string MetricsFile;

    Target Backup =>
        _ =>
            _.Description("Takes a backup apart from a deploy, and reads it back; with --type of the whole server")
                .Requires(() => Env)
                .Executes(() => Chain.BackupAsync(Engine, BackupType, Stop));

    Target BackupSetup =>
        _ =>
            _.Description("Sets pgBackRest up for the server, and says what the server must be told")
                .Requires(() => Env)
                .Executes(() => Chain.BackupSetupAsync(Stop));

    Target Backups =>
        _ =>
            _.Description("Lists the backups and what is known of them")
                .Requires(() => Env)
                .Executes(() => Chain.BackupsAsync(AsJson, Stop));

    Target BackupVerify =>
        _ =>
            _.Description("Reads a backup to its end, or restores it to a scratch database and compares")
                .Requires(() => Env)
                .Requires(() => VerifyLevel == 1 || VerifyLevel == 2)
                .Executes(() => Chain.BackupVerifyAsync(BackupId, (VerificationLevel)VerifyLevel, Engine, Stop));

    Target Restore =>
        _ =>
            _.Description("Replaces the database by a backup, restored beside it; or makes another one with --to")
                .Requires(() => Env)
                .Executes(() =>
                    Finish ? Chain.FinishRestoreAsync(Stop) : Chain.RestoreAsync(BackupId, To, OnlyTable, At, Stop)
                );

    Target BackupPrune =>
        _ =>
            _.Description("Removes the backups that the retention no longer keeps; --dry-run shows which")
                .Requires(() => Env)
                .Executes(async () => End(await Chain.BackupPruneAsync(Stop)));

    Target BackupStatus =>
        _ =>
            _.Description("Says how it stands with the backups: age, success, size, duration, restore test")
                .Requires(() => Env)
                .Executes(async () => End(await Chain.BackupStatusAsync(AsJson, MetricsFile, Stop)));

    Target BackupCopy =>
        _ =>
            _.Description("Copies backups to another folder (--to), or gives them to the current keys (--rewrap)")
                .Requires(() => Env)
                .Requires(() => Rewrap != (To != null))
                .Executes(async () => End(await Chain.BackupCopyAsync(BackupId, Rewrap ? null : To, Stop)));

    Target StoreCheck =>
        _ =>
            _.Description(
                    "Checks the bucket of the store, each finding with its remedy, and that it keeps what it is given"
                )
                .Requires(() => Env)
                .Executes(async () => End(await Composition.CheckStoreAsync(await Chain.EnvironmentAsync(Stop), Stop)));

    Target Grants =>
        _ =>
            _.Description("Prints the least that the store's users must be allowed, as policies to paste")
                .Requires(() => Env)
                .Executes(async () => Composition.PrintGrants(await Chain.EnvironmentAsync(Stop)));

    void End(Slipway.Settings.ExitCode code) =>
        ExitCode = code == Slipway.Settings.ExitCode.Done ? ExitCode : (int)code;
}

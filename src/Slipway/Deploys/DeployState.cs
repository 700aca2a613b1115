using Slipway.Backups;
using Slipway.Health;
using Slipway.Migrations;
using Slipway.Releases;
using Slipway.Runs;

namespace Slipway.Deploys;

/// <summary>How far a run has come. The chain changes it; everything that looks at it later only reads.</summary>
internal sealed class DeployState
{
    public DeployPlan? Plan { get; set; }

    public bool NothingToDo { get; set; }

    public Release? Release { get; set; }

    /// <summary>The verified release to go back to.</summary>
    public Release? Previous { get; set; }

    public MigrationStatus? Migrations { get; set; }

    public BackupManifest? Backup { get; set; }

    public IReadOnlyList<string> Applied { get; set; } = [];

    public AppliedSchema Schema { get; set; } = AppliedSchema.NoneApplied;

    public FailedMigration FailedMigration { get; set; } = FailedMigration.None;

    public bool IsPrepared { get; set; }

    public LogPosition? LogMark { get; set; }

    public Stage Stage { get; set; } = Stage.Preflight;

    public Exception? Failure { get; set; }

    public string? FailedStep { get; set; }

    public bool Interrupted { get; set; }
}

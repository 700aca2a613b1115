using Slipway.Health;
using Slipway.Migrations;
using Slipway.Postgres;
using Slipway.Releases;
using Slipway.Runs;

namespace Slipway.Deploys;

/// <summary>How far a run has come. The chain changes it; everything that looks at it later only reads.</summary>
internal sealed class DeployState
{
    public DeployPlan? Plan { get; set; }

    public bool NothingToDo { get; set; }

    public Release? Release { get; set; }

    /// <summary>True when users are, or may be, on a release that was there before this run.</summary>
    public bool IsLive { get; set; }

    /// <summary>The verified release to go back to.</summary>
    public Release? Previous { get; set; }

    /// <summary>The database that was planned for.</summary>
    public DatabaseFacts? Database { get; set; }

    public MigrationStatus? Migrations { get; set; }

    public IReadOnlyList<string> Applied { get; set; } = [];

    /// <summary>Verdicts of what earlier runs applied after the previous release was verified.</summary>
    public IReadOnlyList<string> Unverified { get; set; } = [];

    /// <summary>What everything that was applied since the previous release was verified means for it.</summary>
    public AppliedSchema Schema { get; set; } = AppliedSchema.NoneApplied;

    public FailedMigration FailedMigration { get; set; } = FailedMigration.None;

    public bool IsPrepared { get; set; }

    /// <summary>True when users are, or may be, on the release of this run.</summary>
    public bool IsSwitched { get; set; }

    public LogPosition? LogMark { get; set; }

    public Stage Stage { get; set; } = Stage.Preflight;

    public Exception? Failure { get; set; }

    public string? FailedStep { get; set; }

    /// <summary>The step that has not come back yet; null between steps.</summary>
    public string? Running { get; set; }

    public bool Interrupted { get; set; }
}

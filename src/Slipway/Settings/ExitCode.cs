namespace Slipway.Settings;

/// <summary>What a run's exit code tells its caller.</summary>
public enum ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    Done = 0,

    /// <summary>A step failed; nothing was changed, or everything was rolled back.</summary>
    Failed = 1,

    /// <summary>Parameters or settings are wrong; nothing was started.</summary>
    BadInput = 2,

    /// <summary>Refused: a blocking check, a missing approval, or a lock held by another run.</summary>
    Refused = 3,

    /// <summary>Failed, and a person has to decide; the run record says what state things are in.</summary>
    NeedsPerson = 4,

    /// <summary>MigrateStatus alone: migrations are pending.</summary>
    MigrationsPending = 10,

    /// <summary>MigrateStatus alone: one that is older than the newest applied is pending.</summary>
    MigrationsOutOfOrder = 11,

    /// <summary>MigrateStatus alone: one was rolled back and would be applied again.</summary>
    MigrationsRolledBack = 12,

    /// <summary>MigrateStatus alone: one was stopped between two statements.</summary>
    MigrationsInterrupted = 13,

    /// <summary>MigrateStatus alone: the file of a pending one cannot be run.</summary>
    MigrationsUnfit = 14,

    /// <summary>MigrateStatus alone: the file of an applied one is missing.</summary>
    MigrationsMissing = 15,

    /// <summary>MigrateStatus alone: the file of an applied one was changed.</summary>
    MigrationsChanged = 16,

    /// <summary>MigrateStatus alone: one failed and was never finished.</summary>
    MigrationsFailed = 17,

    /// <summary>MigrateStatus alone: there are tables but no history.</summary>
    MigrationsUnknown = 18,

    /// <summary>Interrupted by Ctrl-C, after the assured targets ran.</summary>
    Interrupted = 130,

    /// <summary>Terminated by SIGTERM, after the assured targets ran.</summary>
    Terminated = 143,
}

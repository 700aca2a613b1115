namespace Nuke.Common.Execution;

/// <summary>How far a target has come.</summary>
public enum ExecutionStatus
{
    /// <summary>Not in the plan.</summary>
    None,

    /// <summary>In the plan, not yet run.</summary>
    Scheduled,

    /// <summary>Never run, since another one failed.</summary>
    NotRun,

    /// <summary>Left out.</summary>
    Skipped,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Failed.</summary>
    Failed,

    /// <summary>Running now.</summary>
    Running,

    /// <summary>Interrupted.</summary>
    Aborted,

    /// <summary>Has no actions of its own.</summary>
    Collective,
}

namespace Nuke.Common.Execution;

/// <summary>Where a target is in its life.</summary>
public enum ExecutionStatus
{
    /// <summary>Not part of the plan.</summary>
    None,

    /// <summary>In the plan and not yet its turn.</summary>
    Scheduled,

    /// <summary>Never had its turn, because the run ended before.</summary>
    NotRun,

    /// <summary>Left out by a condition or by <c>--skip</c>.</summary>
    Skipped,

    /// <summary>Ran to its end.</summary>
    Succeeded,

    /// <summary>Threw an exception.</summary>
    Failed,

    /// <summary>Is running.</summary>
    Running,

    /// <summary>Was stopped by a signal, or was still running when the run ended.</summary>
    Aborted,

    /// <summary>Has nothing to do but to hold its dependencies together.</summary>
    Collective,
}

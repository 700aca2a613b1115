namespace Slipway.Runs;

/// <summary>How a step ended.</summary>
public enum StepOutcome
{
    /// <summary>It did its work.</summary>
    Succeeded,

    /// <summary>Everything was done already.</summary>
    NothingToDo,

    /// <summary>It was left out on purpose.</summary>
    Skipped,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was interrupted.</summary>
    Aborted,
}

namespace Slipway.Runs;

/// <summary>One line of a run's record.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="At">When it was written.</param>
/// <param name="Type">What happened: run-started, step-started, step-finished, undone or run-finished.</param>
/// <param name="Facts">Names and values in the order they were written.</param>
public sealed record RunEvent(
    int Sequence,
    DateTimeOffset At,
    string Type,
    IReadOnlyList<KeyValuePair<string, string>> Facts
)
{
    /// <summary>The run began.</summary>
    public const string RunStarted = "run-started";

    /// <summary>A step began.</summary>
    public const string StepStarted = "step-started";

    /// <summary>A step ended.</summary>
    public const string StepFinished = "step-finished";

    /// <summary>Something was taken back.</summary>
    public const string Undone = "undone";

    /// <summary>The run ended, with its lock free or held.</summary>
    public const string RunFinished = "run-finished";

    /// <summary>The value of a fact; null when the event has none of this name.</summary>
    public string? this[string name] => Facts.FirstOrDefault(fact => fact.Key == name).Value;
}

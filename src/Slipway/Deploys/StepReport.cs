using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

/// <summary>What one step of the chain did, and what shows it.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Summary">The evidence in a few words, for the table at the end.</param>
/// <param name="Evidence">All of it, for the record: names and values in the order they were seen.</param>
public sealed record StepReport(
    StepOutcome Outcome,
    string Summary,
    IReadOnlyList<KeyValuePair<string, string>> Evidence
)
{
    /// <summary>A step that did its work.</summary>
    public static StepReport Done(string summary, params IReadOnlyList<KeyValuePair<string, string>> evidence) =>
        new(StepOutcome.Succeeded, summary, evidence);

    /// <summary>A step that found everything done already.</summary>
    public static StepReport NothingToDo(string summary) => new(StepOutcome.NothingToDo, summary, []);

    /// <summary>A step that a dry run described and did not run.</summary>
    public static StepReport WouldDo(string summary) => new(StepOutcome.Skipped, $"would {summary}", []);

    /// <summary>The summary, and that there was nothing to do where that is so.</summary>
    public override string ToString() => Outcome is StepOutcome.NothingToDo ? $"nothing to do: {Summary}" : Summary;

    /// <summary>All of it as the record keeps it.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Facts(string name, TimeSpan duration, Exception? failure)
    {
        List<KeyValuePair<string, string>> facts =
        [
            new("step", name),
            new("outcome", $"{Outcome}"),
            new("duration", RunOutput.Duration(duration)),
            new("summary", Summary),
            .. Evidence,
        ];
        if (failure is not null)
        {
            facts.Add(new("error", failure.Message));
            facts.Add(new("hint", (failure as SlipwayException)?.Hint ?? ""));
        }

        return facts;
    }
}

using Slipway.Runs;

namespace Slipway.Releases;

/// <summary>What came of running a release on a copy of the database.</summary>
/// <param name="Release">The release.</param>
/// <param name="Requests">How many critical requests were sent and held.</param>
/// <param name="Failures">What did not hold, each with its request, file and line, what was expected and what came; without secrets.</param>
/// <param name="NotTried">Why nothing is known; null when it was tried.</param>
/// <param name="LastWords">What the release printed and logged last, without secrets; empty when it passed.</param>
/// <param name="Duration">From its start until it was stopped.</param>
public sealed record TrialReport(
    string Release,
    int Requests,
    IReadOnlyList<string> Failures,
    string? NotTried,
    IReadOnlyList<string> LastWords,
    TimeSpan Duration
)
{
    /// <summary>True when it was tried and everything held; what was not tried has not passed.</summary>
    public bool Passed => NotTried is null && Failures.Count == 0;

    /// <summary>A release that was not tried.</summary>
    /// <param name="release">The release.</param>
    /// <param name="reason">Why not.</param>
    public static TrialReport Not(string release, string reason) => new(release, 0, [], reason, [], TimeSpan.Zero);

    /// <summary>The outcome in one line, then every failure and the last words, a line each.</summary>
    public override string ToString() =>
        NotTried is not null ? string.Join('\n', [$"not tried: {NotTried}", .. Words])
        : Passed
            ? $"release {Release} is healthy on the copy and {Requests} critical requests passed in {RunOutput.Duration(Duration)}"
        : string.Join(
            '\n',
            [
                $"release {Release} does not work on the copy ({RunOutput.Duration(Duration)})",
                .. Failures.Select(failure => $"  {failure}"),
                .. Words,
            ]
        );

    private IEnumerable<string> Words =>
        LastWords.Count == 0 ? [] : LastWords.Select(line => $"    {line}").Prepend("  its last words:");
}

using Slipway.Runs;

namespace Slipway.Health.Hurl;

/// <summary>How one request of a file came out.</summary>
/// <param name="Title">The comment line above the request; method and path when there is none.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Url">The address, without secrets.</param>
/// <param name="Line">Line of the request.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Duration">From the first request to the end of the last answer.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Failures">What did not hold in the last attempt.</param>
public sealed record HurlStepResult(
    string Title,
    string Method,
    string Url,
    int Line,
    HurlOutcome Outcome,
    TimeSpan Duration,
    int Attempts,
    IReadOnlyList<HurlFailure> Failures
)
{
    /// <summary>True unless something did not hold.</summary>
    public bool Passed => Outcome is not HurlOutcome.Failed;

    /// <summary>The result in one line, and a line for every failure.</summary>
    public override string ToString() =>
        string.Join(
            '\n',
            Failures
                .Select(failure => $"  {failure}")
                .Prepend(
                    $"{Title}: {Method} {Url} {Outcome.ToString().ToLowerInvariant()} in {RunOutput.Duration(Duration)}"
                )
        );
}

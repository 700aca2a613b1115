namespace Slipway.Health.Hurl;

/// <summary>How a request came out.</summary>
public enum HurlOutcome
{
    /// <summary>Everything held.</summary>
    Passed,

    /// <summary>Something did not hold.</summary>
    Failed,

    /// <summary>It was not sent, because its options say so.</summary>
    Skipped,
}

namespace Slipway.Health.Hurl;

/// <summary>How often and when a request is sent.</summary>
public sealed record HurlOptions
{
    /// <summary>How many times it is tried again when something does not hold; default 0.</summary>
    public int Retry { get; init; }

    /// <summary>Pause before it is tried again; default 1 s.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before the request; default none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>True when it is not sent at all.</summary>
    public bool Skip { get; init; }
}

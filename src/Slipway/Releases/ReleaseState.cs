namespace Slipway.Releases;

/// <summary>What is known of a release.</summary>
public enum ReleaseState
{
    /// <summary>It was made and never served.</summary>
    Prepared,

    /// <summary>It serves, and is not yet verified.</summary>
    Live,

    /// <summary>It serves or served, and was verified.</summary>
    Verified,

    /// <summary>It failed.</summary>
    Bad,
}

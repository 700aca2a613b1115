namespace Slipway.S3;

/// <summary>How a check of the bucket came out.</summary>
public enum S3CheckOutcome
{
    /// <summary>As it should be, and the evidence says so.</summary>
    Pass,

    /// <summary>Not as it should be.</summary>
    Fail,

    /// <summary>It works, and could be better.</summary>
    Warn,

    /// <summary>It could not be seen; never as good as a pass.</summary>
    Unknown,
}

namespace Slipway.Runs;

/// <summary>What the migrations that a run applied mean for the release that was live before.</summary>
public enum AppliedSchema
{
    /// <summary>None was applied.</summary>
    NoneApplied,

    /// <summary>The old release keeps working on every one of them.</summary>
    AllExpand,

    /// <summary>One of them rewrote values.</summary>
    SomeData,

    /// <summary>The old release does not work on one of them.</summary>
    SomeContract,

    /// <summary>Nobody declared it; treated as a contract.</summary>
    Unknown,
}

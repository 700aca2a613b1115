namespace Slipway.Migrations;

/// <summary>What a migration means for the release that is live while it runs.</summary>
public enum SchemaVerdict
{
    /// <summary>Nobody said; treated as <see cref="Contract"/>.</summary>
    Unknown,

    /// <summary>The live release keeps working.</summary>
    Expand,

    /// <summary>The live release does not work any more.</summary>
    Contract,

    /// <summary>Values are rewritten.</summary>
    Data,
}

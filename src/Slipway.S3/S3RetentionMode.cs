namespace Slipway.S3;

/// <summary>Who may lift a retention.</summary>
public enum S3RetentionMode
{
    /// <summary>People with a right of their own for it.</summary>
    Governance,

    /// <summary>Nobody, the account's owner included.</summary>
    Compliance,
}

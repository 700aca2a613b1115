namespace Slipway.Backups.Retention;

/// <summary>What a plan decides about.</summary>
public enum RetentionKind
{
    /// <summary>A backup that was verified.</summary>
    Verified,

    /// <summary>A backup that nobody verified.</summary>
    Unverified,

    /// <summary>A backup that was found broken.</summary>
    Broken,

    /// <summary>Files whose manifest cannot be read.</summary>
    Unreadable,

    /// <summary>Files without a manifest: a run that was killed left them.</summary>
    Orphan,
}

namespace Slipway.Runs;

/// <summary>What a failed migration left behind.</summary>
public enum FailedMigration
{
    /// <summary>None failed.</summary>
    None,

    /// <summary>Its transaction was rolled back.</summary>
    UndidItself,

    /// <summary>Some of its statements are in force.</summary>
    HalfApplied,

    /// <summary>The connection broke and the database cannot be asked.</summary>
    StateUnknown,
}

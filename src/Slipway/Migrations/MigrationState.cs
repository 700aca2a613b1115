namespace Slipway.Migrations;

/// <summary>What state a deploy of migrations left the schema in.</summary>
public enum MigrationState
{
    /// <summary>There was nothing to apply.</summary>
    NothingPending,

    /// <summary>Everything pending was applied.</summary>
    AllApplied,

    /// <summary>One failed and left nothing behind; those before it stay applied, those after it were not begun.</summary>
    FailedCleanly,

    /// <summary>One failed in the middle, and a part of it stays.</summary>
    HalfApplied,

    /// <summary>The connection was lost, and the database could not be asked what became of it.</summary>
    Unknown,
}

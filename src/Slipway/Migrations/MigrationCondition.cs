namespace Slipway.Migrations;

/// <summary>What files and history together say about a migration.</summary>
public enum MigrationCondition
{
    /// <summary>Applied, and its file is the one that was applied.</summary>
    Applied,

    /// <summary>Not applied yet.</summary>
    Pending,

    /// <summary>Not applied yet, though one with a later name is; it will be applied.</summary>
    OutOfOrder,

    /// <summary>Applied once and declared undone; it will be applied again.</summary>
    RolledBack,

    /// <summary>Begun, and stopped between two statements; it will be gone on with.</summary>
    Interrupted,

    /// <summary>Not applied yet, and its file cannot be run.</summary>
    Unfit,

    /// <summary>Applied, but its file is gone.</summary>
    Missing,

    /// <summary>Applied, but its file is another one now.</summary>
    Changed,

    /// <summary>Begun and never finished.</summary>
    Failed,
}

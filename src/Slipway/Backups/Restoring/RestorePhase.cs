namespace Slipway.Backups.Restoring;

/// <summary>How far a restore came.</summary>
public enum RestorePhase
{
    /// <summary>The new database is being made.</summary>
    Restoring,

    /// <summary>The new database is there, and is what the backup holds.</summary>
    Compared,

    /// <summary>What was written since the backup is known, and whoever has to agree did.</summary>
    Confirmed,

    /// <summary>The live database is being closed, or is closed.</summary>
    Fenced,

    /// <summary>What was written since the backup is in the store.</summary>
    Salvaged,

    /// <summary>Between the two changes of names.</summary>
    Swapping,

    /// <summary>The new database is the live one.</summary>
    Swapped,
}

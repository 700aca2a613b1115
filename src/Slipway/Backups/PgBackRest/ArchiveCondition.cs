namespace Slipway.Backups.PgBackRest;

/// <summary>What is wrong with archiving.</summary>
public enum ArchiveCondition
{
    /// <summary>Nothing is archived at all.</summary>
    Off,

    /// <summary>The last attempt failed.</summary>
    Failing,

    /// <summary>Segments wait too long or too many, whatever the server says.</summary>
    Stuck,

    /// <summary>pg_wal grows, and its disk may fill.</summary>
    Growing,

    /// <summary>The repository lacks what the server believes to be archived.</summary>
    Gap,

    /// <summary>The repository cannot be looked at, so nothing is known of it.</summary>
    Repository,

    /// <summary>The spool folder grows.</summary>
    Spool,
}

namespace Slipway.Runs;

/// <summary>What is done after a failure; exactly one of these.</summary>
public enum WayBack
{
    /// <summary>Nothing was changed: stop and free the lock.</summary>
    Stop,

    /// <summary>Migrations that the old release runs on stay; stop and free the lock.</summary>
    KeepSchema,

    /// <summary>The new release never served: remove it, keep what was migrated, free the lock.</summary>
    RemoveRelease,

    /// <summary>Switch back to the verified release, free the lock.</summary>
    CodeBack,

    /// <summary>No safe way is known: change nothing, hold the lock for a person.</summary>
    AskPerson,
}

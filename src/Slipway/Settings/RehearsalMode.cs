namespace Slipway.Settings;

/// <summary>What a rehearsal of migrations may stop.</summary>
public enum RehearsalMode
{
    /// <summary>Migrations are not rehearsed.</summary>
    Off,

    /// <summary>What does not run stops a deploy; what is over the budget is warned of.</summary>
    Warn,

    /// <summary>What is over the budget stops a deploy too.</summary>
    Block,
}

using Slipway.Storage;

namespace Slipway.Backups.Retention;

/// <summary>What a plan is made of.</summary>
public sealed record RetentionFacts
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Every backup.</summary>
    public required IReadOnlyList<StoredBackup> Backups { get; init; }

    /// <summary>Every object of the environment's backups, those without a manifest too.</summary>
    public required IReadOnlyList<StoredObject> Objects { get; init; }

    /// <summary>What deploys may still go back to; default none.</summary>
    public NeededBackups Needed { get; init; } = NeededBackups.None;
}

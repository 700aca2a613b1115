namespace Slipway.Backups;

/// <summary>What a database holds, as one snapshot shows it: what a restored copy is compared with.</summary>
public sealed record DatabaseContent
{
    /// <summary>Every ordinary table with its rows.</summary>
    public required IReadOnlyList<TableRows> Tables { get; init; }

    /// <summary>Every sequence; values are not of the snapshot, because sequences know none, and may only be ahead.</summary>
    public required IReadOnlyList<SequenceValue> Sequences { get; init; }

    /// <summary>Every extension.</summary>
    public required IReadOnlyList<ExtensionVersion> Extensions { get; init; }

    /// <summary>Number of constraints, indexes, views, functions and triggers, by their kind.</summary>
    public required IReadOnlyDictionary<string, long> Objects { get; init; }

    /// <summary>Number of large objects.</summary>
    public required long LargeObjects { get; init; }

    /// <summary>Roles that own something or were granted something.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>What the database itself was made with.</summary>
    public required DatabaseProperties Properties { get; init; }

    /// <summary>Settings of the database and of roles in it.</summary>
    public required IReadOnlyList<DatabaseSetting> Settings { get; init; }
}

namespace Slipway.Migrations;

/// <summary>One migration's place in the status.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Condition">What files and history say.</param>
/// <param name="Detail">The same in words; empty when there is nothing to add.</param>
/// <param name="Remedy">What to do about a blocking condition; empty otherwise.</param>
public sealed record MigrationEntry(string Name, MigrationCondition Condition, string Detail, string Remedy)
{
    /// <summary>False when only the history knows it.</summary>
    public bool HasFile { get; init; } = true;

    /// <summary>The file, from the folder on; null when only the history knows it.</summary>
    public string? Path { get; init; }

    /// <summary>SHA-256 of what its file runs; empty when there is none.</summary>
    public string Checksum { get; init; } = "";

    /// <summary>When it was applied, by the database's clock; null when it is not, or the tool keeps no times.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>The how manieth it was to be applied; null when it is not.</summary>
    public int? Sequence { get; init; }

    /// <summary>True when a run ended between two of its statements.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>True when it was being undone then.</summary>
    public bool IsGoingBack { get; init; }

    /// <summary>True when the tool itself would not apply it at this place.</summary>
    public bool IsRefused { get; init; }

    /// <summary>What its file says it means for the live release; unknown when there is no file.</summary>
    public SchemaVerdict Verdict { get; init; }

    /// <summary>True when it would be applied now.</summary>
    public bool IsPending =>
        HasFile
        && Condition
            is MigrationCondition.Pending
                or MigrationCondition.OutOfOrder
                or MigrationCondition.RolledBack
                or MigrationCondition.Interrupted
                or MigrationCondition.Unfit;

    /// <summary>True when nothing can be applied before a person looked at it.</summary>
    public bool Blocks =>
        IsRefused
        || Condition
            is MigrationCondition.Unfit
                or MigrationCondition.Changed
                or MigrationCondition.Missing
                or MigrationCondition.Failed;
}

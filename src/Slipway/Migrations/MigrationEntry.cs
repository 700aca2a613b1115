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

    /// <summary>When it was applied, by the database's clock; null when it is not.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>What its file says it means for the live release; unknown when there is no file.</summary>
    public SchemaVerdict Verdict { get; init; }

    /// <summary>True when it would be applied now.</summary>
    public bool IsPending =>
        HasFile
        && Condition
            is MigrationCondition.Pending
                or MigrationCondition.OutOfOrder
                or MigrationCondition.RolledBack
                or MigrationCondition.Unfit;

    /// <summary>True when nothing can be applied before a person looked at it.</summary>
    public bool Blocks =>
        Condition
            is MigrationCondition.Unfit
                or MigrationCondition.Changed
                or MigrationCondition.Missing
                or MigrationCondition.Failed;
}

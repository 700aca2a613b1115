namespace Slipway.Migrations.Rehearsal;

/// <summary>What running a migration did.</summary>
/// <param name="Name">The migration.</param>
/// <param name="Statements">Its statements, in order.</param>
/// <param name="IsTransactional">True when they ran in one transaction, and every lock was held until its end.</param>
/// <param name="Duration">How long all of it took.</param>
public sealed record MigrationTrace(
    string Name,
    IReadOnlyList<StatementTrace> Statements,
    bool IsTransactional,
    TimeSpan Duration
)
{
    /// <summary>Indexes that it left unusable.</summary>
    public IReadOnlyList<string> InvalidIndexes { get; init; } = [];

    /// <summary>The tables that it changed or locked against writers.</summary>
    public IReadOnlyList<string> Tables =>
        [
            .. Statements
                .SelectMany(statement => statement.Touched)
                .Where(touch =>
                    touch.Lock is not LockLevel.None || touch.IsRewritten || touch.Inserted + touch.Changed > 0
                )
                .Select(touch => touch.Table)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>How long it held the lock that a statement took on a table: until its transaction ended.</summary>
    public TimeSpan Held(StatementTrace statement) =>
        IsTransactional
            ? Statements
                .SkipWhile(other => !ReferenceEquals(other, statement))
                .Aggregate(TimeSpan.Zero, (sum, other) => sum + other.Duration)
            : statement.Duration;
}

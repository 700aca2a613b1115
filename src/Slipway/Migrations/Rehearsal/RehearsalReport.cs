namespace Slipway.Migrations.Rehearsal;

/// <summary>What came of trying the pending migrations on a restored backup.</summary>
/// <param name="Backup">The backup.</param>
/// <param name="Migrations">The migrations, in the order in which they are applied.</param>
/// <param name="Restore">How long the restore took.</param>
/// <param name="Duration">How long all of it took.</param>
public sealed record RehearsalReport(
    string Backup,
    IReadOnlyList<RehearsedMigration> Migrations,
    TimeSpan Restore,
    TimeSpan Duration
)
{
    /// <summary>Why nobody looked into the indexes of the restored backup; null when somebody did.</summary>
    public string? UncheckedIndexes { get; init; }

    /// <summary>The same, where the live release does not work on the migrated copy: whichever did it, none of them is safe for it.</summary>
    /// <param name="why">What did not work.</param>
    public RehearsalReport Breaking(string why) =>
        this with
        {
            Migrations =
            [
                .. Migrations.Select(migration =>
                    migration.IsReasoned
                        ? migration
                        : migration with
                        {
                            Verdict = SchemaVerdict.Contract,
                            Reasons = [why, .. migration.Reasons],
                        }
                ),
            ],
        };

    /// <summary>What is over the budget.</summary>
    public IReadOnlyList<(RehearsedMigration Migration, TraceFinding Finding)> OverBudget =>
        [
            .. Migrations.SelectMany(migration =>
                migration.Findings.Where(finding => finding.IsOverBudget).Select(finding => (migration, finding))
            ),
        ];
}

using System.Globalization;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations.Rehearsal;

/// <summary>Holds what was traced against what an environment allows.</summary>
/// <param name="budget">What it allows.</param>
internal sealed class TraceJudge(RehearsalBudget budget)
{
    /// <summary>What there is to say; nothing about tables that are small.</summary>
    public IReadOnlyList<TraceFinding> Judge(MigrationTrace trace) =>
        [
            .. trace.Statements.SelectMany(statement => OfLocks(trace, statement).Concat(OfRows(statement))),
            .. trace.InvalidIndexes.Select(index => new TraceFinding(
                1,
                $"leaves index {index} invalid",
                $"see why, then: DROP INDEX CONCURRENTLY {index}",
                IsOverBudget: true
            )),
        ];

    private IEnumerable<TraceFinding> OfLocks(MigrationTrace trace, StatementTrace statement)
    {
        foreach (
            var touch in statement.Touched.Where(touch => touch.Rows >= budget.Rows && touch.Lock is not LockLevel.None)
        )
        {
            var held = trace.Held(statement);
            var allowed = touch.Lock is LockLevel.Everything ? budget.Everything : budget.Writes;
            var work = Work(statement, touch);
            if (work is null && held <= allowed)
            {
                continue;
            }

            var who = touch.Lock is LockLevel.Everything ? "nobody can read or write it" : "nobody can write to it";
            yield return new(
                statement.Line,
                $"{work ?? "locks"} {touch.Table} ({Number(touch.Rows)} rows); {who} for {RunOutput.Duration(held)}, "
                    + $"and {RunOutput.Duration(allowed)} is allowed",
                Remedy(statement, touch),
                held > allowed
            );
        }
    }

    private IEnumerable<TraceFinding> OfRows(StatementTrace statement) =>
        statement
            .Touched.Where(touch => touch.Inserted + touch.Changed >= budget.Rows)
            .Select(touch => new TraceFinding(
                statement.Line,
                $"changes {Number(touch.Inserted + touch.Changed)} rows of {touch.Table} in one transaction, "
                    + $"{RunOutput.Bytes(statement.LogBytes)} of write-ahead log, in {RunOutput.Duration(statement.Duration)}",
                "do it in batches of some thousand rows, each in a transaction of its own",
                IsOverBudget: true
            ));

    private static string? Work(StatementTrace statement, TableTouch touch) =>
        touch.IsRewritten ? $"rewrites{Reason(statement)}"
        : IsIndex(statement) ? "builds an index on"
        : touch.Scanned >= touch.Rows / 2 && touch.Rows > 0 ? "reads all of"
        : null;

    private static string Reason(StatementTrace statement) =>
        statement.RewriteReasons is [var reason, ..] ? $" ({reason.Split(": ")[^1]})" : "";

    private static string Remedy(StatementTrace statement, TableTouch touch) =>
        touch.IsRewritten && Has(statement, "TYPE")
            ? "add a new column, fill it in batches, let the code use it, and drop the old one in a later release"
        : touch.IsRewritten && Has(statement, "ADD")
            ? "add the column without its default, SET DEFAULT afterwards, and fill the old rows in batches"
        : touch.IsRewritten ? "do it by a copy that is filled in batches"
        : IsIndex(statement) ? "CREATE INDEX CONCURRENTLY, alone in its file"
        : Has(statement, "FOREIGN") || Has(statement, "REFERENCES")
            ? "add the foreign key NOT VALID, and VALIDATE CONSTRAINT in a later migration"
        : Has(statement, "NOT") && Has(statement, "NULL")
            ? "add CHECK (… IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a later migration, and SET NOT NULL after it"
        : Has(statement, "CHECK") || Has(statement, "CONSTRAINT")
            ? "add the constraint NOT VALID, and VALIDATE CONSTRAINT in a later migration"
        : Has(statement, "UPDATE") || Has(statement, "DELETE") || Has(statement, "INSERT")
            ? "change rows in a migration of their own, in batches, before the one that locks the table"
        : "take the lock last, in a migration of its own, so that it is held for a moment only";

    private static bool IsIndex(StatementTrace statement) =>
        statement.Statement is { } read
        && (read.Begins("CREATE", "INDEX") || read.Begins("CREATE", "UNIQUE", "INDEX") || read.Begins("REINDEX"));

    private static bool Has(StatementTrace statement, string word) =>
        statement.Text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

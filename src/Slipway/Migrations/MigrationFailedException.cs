using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>A migration failed; tells what state the schema is in.</summary>
public sealed class MigrationFailedException(MigrationFailure failure, Exception inner)
    : SlipwayException(
        Text(failure),
        failure.Remedy ?? Remedy(failure),
        failure.State is MigrationState.FailedCleanly ? ExitCode.Failed : ExitCode.NeedsPerson,
        inner
    )
{
    /// <summary>The facts.</summary>
    public MigrationFailure Failure { get; } = failure;

    /// <summary>Name of the migration.</summary>
    public string Migration => Failure.Migration;

    /// <summary>The server's code for the error; null when it is not the server's.</summary>
    public string? SqlState => Failure.SqlState;

    /// <summary>Line of the file where it went wrong; null when unknown.</summary>
    public int? Line => Failure.Line;

    /// <summary>What was applied before it in the same deploy, and stays.</summary>
    public IReadOnlyList<AppliedMigration> AppliedBefore => Failure.AppliedBefore;

    /// <summary>True when a part of the migration stays, or nobody knows.</summary>
    public bool HalfApplied => Failure.State is not MigrationState.FailedCleanly;

    private static string Text(MigrationFailure failure)
    {
        var line = failure.Line is null ? "" : $" at line {failure.Line} of {failure.File}";
        var code = failure.SqlState is null ? "" : $" ({failure.SqlState})";
        var context = failure.Context.Length == 0 ? "" : $"\n{failure.Context}";
        var what = failure.Direction is MigrationDirection.Up ? "Migration" : "Undoing migration";
        return $"{what} {failure.Migration} failed{line}: {failure.Error}{code}{context}\nState of the schema: {State(failure)}";
    }

    private static string State(MigrationFailure failure)
    {
        var before =
            failure.AppliedBefore.Count == 0
                ? $"nothing {(failure.State is MigrationState.FailedCleanly ? "" : "else ")}was changed by this {(failure.Direction is MigrationDirection.Up ? "deploy" : "rollback")}."
                : $"{(failure.Direction is MigrationDirection.Up ? "applied before it, and kept" : "undone before it")}: {string.Join(", ", failure.AppliedBefore.Select(applied => applied.Name))}.";
        return failure.State switch
        {
            _ when failure.Left is { } left => $"{left}; {before}",
            MigrationState.FailedCleanly => $"{failure.Migration} left nothing behind; {before}",
            MigrationState.HalfApplied =>
                $"{failure.Migration} is HALF APPLIED: it cannot run in one transaction, and statements before the failed one stay; {before}",
            _ =>
                $"UNKNOWN: the connection was lost in the middle of {failure.Migration}, and the database does not answer; {before}",
        };
    }

    private static string Remedy(MigrationFailure failure) =>
        failure.State switch
        {
            MigrationState.FailedCleanly when failure.SqlState is "55P03" =>
                "something holds a lock on the table for long (a backup, a long query): deploy again later, or raise migrations.lockTimeout",
            MigrationState.FailedCleanly when failure.Direction is MigrationDirection.Down =>
                $"mend {failure.File} and undo it again",
            MigrationState.FailedCleanly => "mend the migration and deploy again",
            MigrationState.HalfApplied =>
                "mend what it stumbled over, leave its file as it is, and run it again: it goes on with the statement that failed; look with: ./build.sh MigrateStatus",
            _ => "when the database is back, look with: ./build.sh MigrateStatus",
        };
}

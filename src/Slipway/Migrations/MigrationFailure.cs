namespace Slipway.Migrations;

/// <summary>What is known about a migration that failed.</summary>
public sealed record MigrationFailure
{
    /// <summary>Name of the migration.</summary>
    public required string Migration { get; init; }

    /// <summary>Which way it was run.</summary>
    public MigrationDirection Direction { get; init; }

    /// <summary>Name of the file that was run.</summary>
    public string File { get; init; } = "migration.sql";

    /// <summary>What state the schema is in.</summary>
    public required MigrationState State { get; init; }

    /// <summary>What went wrong, in the server's words.</summary>
    public required string Error { get; init; }

    /// <summary>The server's code for it; null when the error is not the server's.</summary>
    public string? SqlState { get; init; }

    /// <summary>Line of the file where it went wrong; null when unknown.</summary>
    public int? Line { get; init; }

    /// <summary>That line with its neighbours and their numbers; empty when unknown.</summary>
    public string Context { get; init; } = "";

    /// <summary>What it left, in words, where that is another tool's business; null otherwise.</summary>
    public string? Left { get; init; }

    /// <summary>What to do, where that is not the usual; null otherwise.</summary>
    public string? Remedy { get; init; }

    /// <summary>What was applied before it in the same deploy, and stays.</summary>
    public IReadOnlyList<AppliedMigration> AppliedBefore { get; init; } = [];
}

namespace Slipway.Migrations;

/// <summary>How a deploy of migrations went.</summary>
/// <param name="Applied">What was applied, in order.</param>
/// <param name="State">What state the schema is in.</param>
public sealed record MigrationOutcome(IReadOnlyList<AppliedMigration> Applied, MigrationState State);

namespace Slipway.Migrations;

/// <summary>One migration as its files have it.</summary>
public sealed record Migration
{
    /// <summary>Name of its folder, such as <c>20260131101500_add_notes</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Text of <c>migration.sql</c>.</summary>
    public required string Sql { get; init; }

    /// <summary>Text of <c>down.sql</c>; null when there is none.</summary>
    public string? DownSql { get; init; }

    /// <summary>SHA-256 of <c>migration.sql</c>, as Prisma writes it to its history.</summary>
    public string Checksum => MigrationChecksum.Of(Sql);
}

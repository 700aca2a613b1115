namespace Slipway.Runs;

/// <summary>A migration that a plan applies.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Checksum">SHA-256 of its script.</param>
/// <param name="Verdict">What it means for the live release.</param>
public sealed record PlannedMigration(string Name, string Checksum, string Verdict);

namespace Slipway.Health;

/// <summary>What a healthy answer has to say.</summary>
/// <param name="VersionProperty">Property that names the release; empty when it is not looked at.</param>
/// <param name="Version">The release that must answer; null for any.</param>
/// <param name="StatusRequired">True when the answer must have a status.</param>
/// <param name="NewestMigration">The migration that the database must be at, if the answer tells one; null for any.</param>
internal sealed record ProbeExpectation(
    string VersionProperty,
    string? Version,
    bool StatusRequired = false,
    string? NewestMigration = null
);

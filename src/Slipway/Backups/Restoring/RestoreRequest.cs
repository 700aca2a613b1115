using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>A database that shall be replaced by a backup.</summary>
/// <param name="Manifest">The backup.</param>
/// <param name="Live">The database.</param>
/// <param name="Environment">The environment that it belongs to.</param>
/// <param name="ApprovalRequired">True where a person has to agree to every change: two have to agree to a loss.</param>
public sealed record RestoreRequest(
    BackupManifest Manifest,
    DatabaseUrl Live,
    string Environment,
    bool ApprovalRequired
);

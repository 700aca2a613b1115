namespace Slipway.Backups;

/// <summary>A backup as the store knows it.</summary>
/// <param name="Manifest">What it holds.</param>
/// <param name="Verifications">Every time it was verified, the newest last.</param>
public sealed record StoredBackup(BackupManifest Manifest, IReadOnlyList<BackupVerification> Verifications)
{
    /// <summary>Its id.</summary>
    public string Id => Manifest.Id;

    /// <summary>True when it was read back to its end, and no later look found it broken.</summary>
    public bool IsVerified => Verifications is [.., { Passed: true }];

    /// <summary>The newest restore of it that was compared and found whole; null when there is none.</summary>
    public BackupVerification? Restored =>
        Verifications.LastOrDefault(verification =>
            verification is { Level: VerificationLevel.Restored, Passed: true }
        );
}

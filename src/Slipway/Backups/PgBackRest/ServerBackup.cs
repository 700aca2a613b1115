namespace Slipway.Backups.PgBackRest;

/// <summary>A backup of a server, with what is known of it.</summary>
/// <param name="Backup">What it holds.</param>
/// <param name="Verifications">Every time it was verified, the newest last.</param>
public sealed record ServerBackup(PgBackRestBackup Backup, IReadOnlyList<BackupVerification> Verifications)
{
    /// <summary>Its name.</summary>
    public string Label => Backup.Label;

    /// <summary>True when it was read to its end, and no later look found it broken.</summary>
    public bool IsVerified => !Backup.HasDamagedPages && Verifications is [.., { Passed: true }];

    /// <summary>The newest restore of it that was found whole; null when there is none.</summary>
    public BackupVerification? Restored =>
        Verifications.LastOrDefault(verification =>
            verification is { Level: VerificationLevel.Restored, Passed: true }
        );
}

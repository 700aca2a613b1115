namespace Slipway.Backups;

/// <summary>How a backup was verified.</summary>
public enum VerificationLevel
{
    /// <summary>Read back, decrypted, decompressed and hashed to its end.</summary>
    ReadBack = 1,

    /// <summary>Restored to a scratch database and compared with what it must hold.</summary>
    Restored = 2,
}

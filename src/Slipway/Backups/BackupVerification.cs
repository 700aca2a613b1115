using System.Text.Json;

namespace Slipway.Backups;

/// <summary>What was found when a backup was verified.</summary>
/// <param name="Backup">The backup.</param>
/// <param name="Level">How it was verified.</param>
/// <param name="Problem">What was wrong; null when nothing was.</param>
/// <param name="At">When.</param>
/// <param name="Duration">How long it took; of a restore, the time that a recovery takes.</param>
public sealed record BackupVerification(
    string Backup,
    VerificationLevel Level,
    string? Problem,
    DateTimeOffset At,
    TimeSpan Duration
)
{
    /// <summary>Why nobody looked into the indexes of the restored database; null when somebody did, or none was restored.</summary>
    public string? UncheckedIndexes { get; init; }

    /// <summary>True when the backup is what was written.</summary>
    public bool Passed => Problem is null;

    /// <summary>Reads one.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static BackupVerification? Parse(string text) =>
        JsonSerializer.Deserialize(text, ManifestJson.Default.BackupVerification);

    /// <summary>Writes it.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.BackupVerification);
}

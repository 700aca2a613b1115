using System.Globalization;
using Slipway.Backups;

namespace Slipway.Tests.Backups;

/// <summary>Backups that were never taken.</summary>
internal static class BackupSamples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);
    public const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public static string IdOf(DateTimeOffset started, int number = 1) =>
        $"{started.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{number:x4}";

    public static BackupManifest Manifest(DateTimeOffset started, int number = 1) =>
        new()
        {
            Id = IdOf(started, number),
            Run = IdOf(started, number),
            Environment = "test",
            Purpose = "before the deploy",
            Database = "postgresql://app@db.example:5432/notes",
            ServerVersion = "15.18",
            DumpVersion = "15.18",
            Snapshot = "1:1:",
            Lsn = "0/1",
            Started = started,
            Duration = TimeSpan.FromSeconds(95),
            Keys = ["3f2a9c1b77d0e4a1"],
            Dump = new("database.dump.zst.age", new(55_000_000, Hash, 12_300_000, Hash)),
            Globals = new("globals.sql.zst.age", new(1_200, Hash, 700, Hash)),
            Content = Content(1_234_567),
        };

    public static StoredBackup Stored(
        BackupManifest manifest,
        params IReadOnlyList<BackupVerification> verifications
    ) => new(manifest, verifications);

    /// <summary>A backup that was read back after five minutes.</summary>
    public static StoredBackup Verified(DateTimeOffset started, int number = 1) =>
        Stored(Manifest(started, number), ReadBack(started, number));

    public static BackupVerification ReadBack(DateTimeOffset started, int number = 1, string? problem = null) =>
        new(
            IdOf(started, number),
            VerificationLevel.ReadBack,
            problem,
            started.AddMinutes(5),
            TimeSpan.FromSeconds(30)
        );

    public static BackupVerification Restored(DateTimeOffset started, DateTimeOffset at, string? problem = null) =>
        new(IdOf(started), VerificationLevel.Restored, problem, at, TimeSpan.FromSeconds(130));

    private static DatabaseContent Content(long rows) =>
        new()
        {
            Tables = [new("public.notes", rows)],
            Sequences = [],
            Extensions = [],
            Objects = new Dictionary<string, long>(StringComparer.Ordinal),
            LargeObjects = 0,
            Roles = [],
            Properties = new("app", "UTF8", "C", "C", []),
            Settings = [],
        };
}

using System.Globalization;
using System.Text.Json;
using Slipway.Runs;

namespace Slipway.Backups;

/// <summary>Shows the backups of an environment.</summary>
public static class BackupList
{
    /// <summary>For a person: a table, the newest last, no line longer than 100 characters.</summary>
    /// <param name="backups">The backups.</param>
    /// <param name="now">The clock.</param>
    /// <param name="zone">The zone that times are shown in.</param>
    public static string Text(IReadOnlyList<StoredBackup> backups, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (backups.Count == 0)
        {
            return "  there are no backups\n";
        }

        var table = new TextTable("backup", "taken", "age>", "stored>", "plain>", "rows>", "verified");
        foreach (var backup in backups)
        {
            var manifest = backup.Manifest;
            table.Add(
                [
                    backup.Id,
                    TimeZoneInfo
                        .ConvertTime(manifest.Started, zone)
                        .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                    Elapsed.Text(now - manifest.Started),
                    RunOutput.Bytes(manifest.Bytes),
                    RunOutput.Bytes(manifest.Archives.Sum(archive => archive.Sums.PlainBytes)),
                    Count(manifest.Rows),
                    Verified(backup, now),
                ],
                $"{manifest.Purpose}; {Keys(manifest)}{Problem(backup)}"
            );
        }

        return table.ToString();
    }

    /// <summary>For machines: a JSON array, the newest last.</summary>
    public static string Json(IReadOnlyList<StoredBackup> backups, DateTimeOffset now) =>
        JsonSerializer.Serialize(
            [.. backups.Select(backup => BackupListEntry.Of(backup, now))],
            BackupListJson.Default.ListBackupListEntry
        );

    private static string Verified(StoredBackup backup, DateTimeOffset now) =>
        backup.Verifications is not [.., var last] ? "NEVER"
        : !last.Passed ? $"BROKEN {Ago(last, now)}"
        : backup.Restored is { } restored ? $"restored {Ago(restored, now)}"
        : $"read back {Ago(last, now)}";

    private static string Ago(BackupVerification verification, DateTimeOffset now) =>
        $"{Elapsed.Text(now - verification.At)} ago";

    private static string Keys(BackupManifest manifest) =>
        manifest.Keys.Count > 0 ? $"opens with {string.Join(", ", manifest.Keys)}" : "NOT encrypted";

    private static string Problem(StoredBackup backup) =>
        backup.Verifications is [.., { Problem: { } problem }] ? $"; {problem}" : "";

    private static string Count(long rows) =>
        rows switch
        {
            < 1_000_000 => rows.ToString(CultureInfo.InvariantCulture),
            < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{rows / 1e6:0.0} M"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{rows / 1e9:0.00} G"),
        };
}

using System.Globalization;
using System.Text.Json;
using Slipway.Backups.PgBackRest;
using Slipway.Runs;

namespace Slipway.Backups;

/// <summary>Shows the backups of an environment.</summary>
public static class BackupList
{
    /// <summary>For a person: a table, the newest last, no line longer than 100 characters.</summary>
    /// <param name="backups">The dumps.</param>
    /// <param name="servers">The backups of the whole server.</param>
    /// <param name="now">The clock.</param>
    /// <param name="zone">The zone that times are shown in.</param>
    public static string Text(
        IReadOnlyList<StoredBackup> backups,
        ServerBackupList servers,
        DateTimeOffset now,
        TimeZoneInfo zone
    )
    {
        if (backups.Count + servers.Backups.Count == 0)
        {
            return "  there are no backups\n";
        }

        var table = new TextTable("backup", "taken", "age>", "stored>", "plain>", "rows>", "verified");
        var rows = backups
            .Select(backup => (backup.Manifest.Started, Row: Row(backup, now, zone)))
            .Concat(servers.Backups.Select(server => (server.Backup.Started, Row: Row(server, servers, now, zone))))
            .OrderBy(row => row.Started);
        foreach (var (_, (cells, below)) in rows)
        {
            table.Add(cells, below);
        }

        return table.ToString();
    }

    /// <summary>For machines: a JSON array, the newest last.</summary>
    public static string Json(IReadOnlyList<StoredBackup> backups, ServerBackupList servers, DateTimeOffset now) =>
        JsonSerializer.Serialize(
            [
                .. backups
                    .Select(backup => BackupListEntry.Of(backup, now))
                    .Concat(
                        servers.Backups.Select(server =>
                            BackupListEntry.Of(server, servers.Environment, servers.IsEncrypted, now)
                        )
                    )
                    .OrderBy(entry => entry.Taken),
            ],
            BackupListJson.Default.ListBackupListEntry
        );

    /// <summary>What a backup of a server copied, for people.</summary>
    internal static string Purpose(BackupType type) =>
        type switch
        {
            BackupType.Full => "the whole server",
            BackupType.Differential => "the whole server, what differs from the last full one",
            _ => "the whole server, what differs from the last one",
        };

    private static (IReadOnlyList<string> Cells, string Below) Row(
        StoredBackup backup,
        DateTimeOffset now,
        TimeZoneInfo zone
    )
    {
        var manifest = backup.Manifest;
        return (
            [
                backup.Id,
                Taken(manifest.Started, zone),
                Elapsed.Text(now - manifest.Started),
                RunOutput.Bytes(manifest.Bytes),
                RunOutput.Bytes(manifest.Archives.Sum(archive => archive.Sums.PlainBytes)),
                Count(manifest.Rows),
                Verified(backup.Verifications, backup.Restored, now),
            ],
            $"{manifest.Purpose}; {Keys(manifest)}{Problem(backup.Verifications)}"
        );
    }

    private static (IReadOnlyList<string> Cells, string Below) Row(
        ServerBackup server,
        ServerBackupList all,
        DateTimeOffset now,
        TimeZoneInfo zone
    )
    {
        var backup = server.Backup;
        var keys = all.IsEncrypted ? "opens with BACKUP_REPOSITORY_KEY" : "NOT encrypted";
        var damage = backup.HasDamagedPages ? "; the database had damaged pages" : "";
        return (
            [
                backup.Label,
                Taken(backup.Started, zone),
                Elapsed.Text(now - backup.Started),
                RunOutput.Bytes(backup.AddedBytes),
                RunOutput.Bytes(backup.DatabaseBytes),
                "",
                backup.HasDamagedPages ? "BROKEN" : Verified(server.Verifications, server.Restored, now),
            ],
            $"pgBackRest, {Purpose(backup.Type)}; {keys}{damage}{Problem(server.Verifications)}"
        );
    }

    private static string Taken(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Verified(
        IReadOnlyList<BackupVerification> verifications,
        BackupVerification? restored,
        DateTimeOffset now
    ) =>
        verifications is not [.., var last] ? "NEVER"
        : !last.Passed ? $"BROKEN {Ago(last, now)}"
        : restored is not null ? $"restored {Ago(restored, now)}"
        : $"read back {Ago(last, now)}";

    private static string Ago(BackupVerification verification, DateTimeOffset now) =>
        $"{Elapsed.Text(now - verification.At)} ago";

    private static string Keys(BackupManifest manifest) =>
        manifest.Keys.Count > 0 ? $"opens with {string.Join(", ", manifest.Keys)}" : "NOT encrypted";

    private static string Problem(IReadOnlyList<BackupVerification> verifications) =>
        verifications is [.., { Problem: { } problem }] ? $"; {problem}" : "";

    private static string Count(long rows) =>
        rows switch
        {
            < 1_000_000 => rows.ToString(CultureInfo.InvariantCulture),
            < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{rows / 1e6:0.0} M"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{rows / 1e9:0.00} G"),
        };
}

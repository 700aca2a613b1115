using System.Text;

namespace Slipway.Backups.Status;

public static partial class BackupMetrics
{
    private static void Server(StringBuilder text, BackupStatusFacts facts, string environment)
    {
        if (facts.Server is not { } server)
        {
            return;
        }

        if (server.Backups is [.., { Backup: var newest }])
        {
            Gauge(
                text,
                "slipway_server_backup_last_success_timestamp_seconds",
                "Unix time of the newest backup of the server.",
                [(environment, Seconds(newest.Stopped))]
            );
            Gauge(
                text,
                "slipway_server_backup_size_bytes",
                "Size of the server's files in its newest backup.",
                [(environment, newest.DatabaseBytes)]
            );
            Gauge(
                text,
                "slipway_server_backup_stored_bytes",
                "What all backups of the server added to the repository.",
                [(environment, server.Backups.Sum(backup => backup.Backup.AddedBytes))]
            );
            Gauge(
                text,
                "slipway_server_backup_duration_seconds",
                "Duration of the newest backup of the server.",
                [(environment, (newest.Stopped - newest.Started).TotalSeconds)]
            );
        }

        ServerRestoreTest(text, server, environment);
        Archive(text, server, environment);
    }

    private static void ServerRestoreTest(StringBuilder text, ServerBackupFacts server, string environment)
    {
        var passed = server
            .Backups.SelectMany(backup => backup.Verifications)
            .Where(verification => verification is { Level: VerificationLevel.Restored, Passed: true })
            .MaxBy(verification => verification.At);
        if (passed is null)
        {
            return;
        }

        Gauge(
            text,
            "slipway_server_restore_test_last_success_timestamp_seconds",
            "Unix time of the last restore test of the server that passed.",
            [(environment, Seconds(passed.At))]
        );
        Gauge(
            text,
            "slipway_server_restore_test_duration_seconds",
            "Measured recovery time of that test.",
            [(environment, passed.Duration.TotalSeconds)]
        );
    }

    private static void Archive(StringBuilder text, ServerBackupFacts server, string environment)
    {
        if (server.Archive is not { } state)
        {
            return;
        }

        Gauge(
            text,
            "slipway_archive_waiting_segments",
            "Segments of write-ahead log that wait to be archived.",
            [(environment, state.Waiting)]
        );
        Gauge(
            text,
            "slipway_archive_oldest_waiting_seconds",
            "How long the oldest of them waits.",
            [(environment, state.OldestWaiting is { } oldest ? (state.Now - oldest).TotalSeconds : 0)]
        );
        Gauge(text, "slipway_archive_wal_bytes", "Size of pg_wal.", [(environment, state.WalBytes)]);
        if (state.LastArchivedAt is { } archived)
        {
            Gauge(
                text,
                "slipway_archive_last_success_timestamp_seconds",
                "Unix time of the last segment that was archived.",
                [(environment, Seconds(archived))]
            );
        }
    }
}

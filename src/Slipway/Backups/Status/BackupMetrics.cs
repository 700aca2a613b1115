using System.Globalization;
using System.Text;

namespace Slipway.Backups.Status;

/// <summary>The backups of an environment as a text file for Prometheus' node exporter.</summary>
public static partial class BackupMetrics
{
    private const UnixFileMode ForEverybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The file's text; what was never measured is left out, so that its absence can be noticed.</summary>
    public static string Text(BackupStatusFacts facts, BackupStatus status)
    {
        var text = new StringBuilder();
        var environment = $"environment=\"{Escaped(facts.Environment)}\"";
        if (facts.Backups.LastOrDefault(backup => backup.IsVerified)?.Manifest is { } verified)
        {
            Gauge(
                text,
                "slipway_backup_last_success_timestamp_seconds",
                "Unix time of the newest verified backup.",
                [(environment, Seconds(verified.Started))]
            );
        }

        if (facts.Backups is [.., { Manifest: var newest }])
        {
            Gauge(
                text,
                "slipway_backup_size_bytes",
                "Size of the newest backup object.",
                [(environment, newest.Bytes)]
            );
            Gauge(
                text,
                "slipway_backup_duration_seconds",
                "Duration of the newest backup.",
                [(environment, newest.Duration.TotalSeconds)]
            );
        }

        Attempts(text, facts, environment);
        Stored(text, facts, environment);
        RestoreTest(text, facts, environment);
        Server(text, facts, environment);
        Statuses(text, status, environment);
        return text.ToString();
    }

    /// <summary>Writes the file; who reads it meanwhile sees the old one or the new one.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        // The exporter reads every *.prom, so this is none.
        var part = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            await File.WriteAllTextAsync(part, text, cancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(part, ForEverybody);
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static void Attempts(StringBuilder text, BackupStatusFacts facts, string environment)
    {
        var succeeded = facts.Attempts.Count(attempt => attempt.Succeeded);
        Metric(
            text,
            "slipway_backups_total",
            "counter",
            "Backup attempts by result.",
            [
                ($"{environment},result=\"success\"", succeeded),
                ($"{environment},result=\"failed\"", facts.Attempts.Count - succeeded),
            ]
        );
    }

    private static void Stored(StringBuilder text, BackupStatusFacts facts, string environment)
    {
        var verified = facts.Backups.Count(backup => backup.IsVerified);
        var never = facts.Backups.Count(backup => backup.Verifications.Count == 0);
        Gauge(
            text,
            "slipway_backups_stored",
            "Backups in the store, by what is known of them.",
            [
                ($"{environment},state=\"verified\"", verified),
                ($"{environment},state=\"unverified\"", never),
                ($"{environment},state=\"broken\"", facts.Backups.Count - verified - never),
            ]
        );
        Gauge(
            text,
            "slipway_backups_stored_bytes",
            "Size of all backups in the store.",
            [(environment, facts.Backups.Sum(backup => backup.Manifest.Bytes))]
        );
    }

    private static void RestoreTest(StringBuilder text, BackupStatusFacts facts, string environment)
    {
        var passed = facts
            .Backups.SelectMany(backup => backup.Verifications)
            .Where(verification => verification is { Level: VerificationLevel.Restored, Passed: true })
            .MaxBy(verification => verification.At);
        if (passed is not null)
        {
            Gauge(
                text,
                "slipway_restore_test_last_success_timestamp_seconds",
                "Unix time of the last restore test that passed.",
                [(environment, Seconds(passed.At))]
            );
            Gauge(
                text,
                "slipway_restore_test_duration_seconds",
                "Measured recovery time of the last restore test.",
                [(environment, passed.Duration.TotalSeconds)]
            );
        }
    }

    private static void Statuses(StringBuilder text, BackupStatus status, string environment) =>
        Gauge(
            text,
            "slipway_backup_status",
            "Result of an item of the backup status: 1 for the label value that holds, 0 for the others.",
            [
                .. from item in status.Items
                from value in Enum.GetValues<BackupItemStatus>()
                select (
                    $"{environment},item=\"{item.Name}\",status=\"{$"{value}".ToLowerInvariant()}\"",
                    item.Status == value ? 1.0 : 0.0
                ),
            ]
        );

    private static void Gauge(
        StringBuilder text,
        string name,
        string help,
        IReadOnlyList<(string Labels, double Value)> samples
    ) => Metric(text, name, "gauge", help, samples);

    private static void Metric(
        StringBuilder text,
        string name,
        string type,
        string help,
        IReadOnlyList<(string Labels, double Value)> samples
    )
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        foreach (var (labels, value) in samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value}\n");
        }
    }

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds();

    private static string Escaped(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}

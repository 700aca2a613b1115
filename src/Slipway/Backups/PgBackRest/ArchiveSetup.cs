using System.Globalization;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>What the server must be told so that its write-ahead log is archived.</summary>
public sealed class ArchiveSetup(PgBackRestSettings settings)
{
    private static readonly string[] Names =
    [
        "wal_level",
        "archive_mode",
        "archive_command",
        "archive_library",
        "archive_timeout",
        "wal_segment_size",
    ];

    /// <summary>The command that the server runs for every segment.</summary>
    public string ArchiveCommand =>
        $"\"{PgBackRestProgram.Find(settings.Program)}\" --config=\"{settings.ConfigurationFile}\" --stanza={settings.Stanza} archive-push \"%p\"";

    /// <summary>Lines for postgresql.conf, with a comment each.</summary>
    public string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Archiving for pgBackRest; the first two need a restart, the others a reload.
            wal_level = replica
            archive_mode = on
            archive_command = '{ArchiveCommand}'
            # A quiet server archives at least this often: the most that is lost.
            archive_timeout = {Interval}

            """
        );

    private int Interval => (int)Math.Ceiling(settings.ArchiveInterval.TotalSeconds);

    /// <summary>Asks the server what is in force.</summary>
    public static async Task<IReadOnlyDictionary<string, ServerSetting>> ReadAsync(
        DatabaseUrl url,
        CancellationToken cancellationToken
    )
    {
        await using var source = PostgresSource.Create(url, "archive check");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var found = await Query.RowsAsync(
            connection,
            "SELECT name, setting, pending_restart FROM pg_settings WHERE name = ANY ($1)",
            row =>
                KeyValuePair.Create(row.GetString(0), new ServerSetting(Query.Text(row, 1) ?? "", row.GetBoolean(2))),
            cancellationToken,
            // As one value: an array of texts would be taken for many.
            (object)Names
        );
        return found.ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>What has to change; empty when archiving is set up.</summary>
    /// <param name="now">What is in force, in the units of <c>pg_settings</c>.</param>
    public IReadOnlyList<SettingDifference> Compare(IReadOnlyDictionary<string, ServerSetting> now)
    {
        var interval = Interval.ToString(CultureInfo.InvariantCulture);
        SettingDifference?[] all =
        [
            Need("wal_level", value => value is "replica" or "logical", "replica", isRestart: true),
            Need("archive_mode", value => value is "on" or "always", "on", isRestart: true),
            Need("archive_command", IsOurs, ArchiveCommand, isRestart: false),
            // From PostgreSQL 15 on a library goes before the command.
            now.ContainsKey("archive_library")
                ? Need("archive_library", value => value.Length == 0, "", isRestart: false)
                : null,
            Need(
                "archive_timeout",
                value =>
                    int.TryParse(value, CultureInfo.InvariantCulture, out var seconds)
                    && seconds > 0
                    && seconds <= Interval,
                interval,
                isRestart: false
            ),
            now.TryGetValue("wal_segment_size", out var size)
            && size.Value != settings.SegmentBytes.ToString(CultureInfo.InvariantCulture)
                ? new(
                    "wal_segment_size",
                    size.Value,
                    $"{settings.SegmentBytes}",
                    "write the server's size as backup.pgBackRest.walSegment, in MiB"
                )
                : null,
        ];
        return [.. all.OfType<SettingDifference>()];

        SettingDifference? Need(string name, Func<string, bool> isRight, string needed, bool isRestart)
        {
            var setting = now.GetValueOrDefault(name);
            return setting is { IsPending: false } && isRight(setting.Value)
                ? null
                : new(name, setting?.Value, needed, Remedy(name, needed, setting, isRestart));
        }
    }

    private bool IsOurs(string command) =>
        command.Contains("archive-push", StringComparison.Ordinal)
        && command.Contains("%p", StringComparison.Ordinal)
        && command.Contains(settings.ConfigurationFile, StringComparison.Ordinal)
        && command.Split(' ').Contains($"--stanza={settings.Stanza}", StringComparer.Ordinal);

    private static string Remedy(string name, string needed, ServerSetting? setting, bool isRestart)
    {
        var quoted = needed.Replace("'", "''", StringComparison.Ordinal);
        var then = isRestart ? "restart the server" : "SELECT pg_reload_conf()";
        return setting is null ? $"ask as a role of pg_monitor: {name} could not be seen"
            : setting.IsPending ? $"{name} was changed already: {then}"
            : $"ALTER SYSTEM SET {name} = '{quoted}'; then {then}";
    }
}

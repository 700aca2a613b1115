using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Backups.PgBackRest;

/// <summary>
/// Judges what <c>verify --output=text --verbose</c> prints, because its exit code is 0 whatever it finds
/// (https://github.com/pgbackrest/pgbackrest/issues/2502). What it does not understand is a problem.
/// </summary>
internal sealed partial class VerifyReader
{
    private readonly List<string> _problems = [];
    private readonly List<string> _backups = [];
    private string _subject = "the repository";
    private int _segments;
    private long _files;
    private int _heads;
    private int _oks;

    /// <summary>Reads its text.</summary>
    /// <param name="stanza">The stanza asked for.</param>
    /// <param name="expected">Backups that must be among those read.</param>
    /// <param name="text">What it printed.</param>
    public static VerifyReport Read(string stanza, IReadOnlyList<string> expected, string text)
    {
        var reader = new VerifyReader();
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
        {
            reader.Read(stanza, line);
        }

        return reader.Report(stanza, expected);
    }

    private void Read(string stanza, string line)
    {
        if (line == $"stanza: {stanza}")
        {
            _heads++;
        }
        else if (line is "status: ok")
        {
            _oks++;
        }
        else if (ArchivePattern().Match(line) is { Success: true } archive)
        {
            _subject = $"write-ahead log {archive.Groups["id"].Value}";
            _segments += (int)Count(archive, "valid");
            Check(Count(archive, "checked") == Count(archive, "valid"), line);
        }
        else if (BackupPattern().Match(line) is { Success: true } backup)
        {
            ReadBackup(backup, line);
        }
        else
        {
            var counts = CountsPattern().Match(line);
            Check(counts.Success && counts.Groups["count"].Captures.All(count => count.Value is "0"), line);
        }
    }

    private void ReadBackup(Match backup, string line)
    {
        var label = backup.Groups["label"].Value;
        _subject = $"backup {label}";
        _files += Count(backup, "valid");
        var isRead = Count(backup, "valid") > 0 && Count(backup, "checked") == Count(backup, "valid");
        var isRight = isRead && backup.Groups["status"].Value is "valid";
        Check(isRight, line);
        if (isRight)
        {
            _backups.Add(label);
        }
    }

    private VerifyReport Report(string stanza, IReadOnlyList<string> expected)
    {
        if (_heads != 1 || _oks != 1)
        {
            _problems.Add($"verify did not say that {stanza} is right");
        }

        var missing = expected.Except(_backups, StringComparer.Ordinal);
        _problems.AddRange(missing.Select(label => $"backup {label} was not found to be right"));
        return new([.. _problems.Distinct(StringComparer.Ordinal)], [], _backups, _segments, _files);
    }

    private void Check(bool isRight, string line)
    {
        if (!isRight)
        {
            _problems.Add($"{_subject}: {line.Trim()}");
        }
    }

    private static long Count(Match match, string group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : -1;

    [GeneratedRegex(
        @"^  archiveId: (?<id>\S+), total WAL checked: (?<checked>[0-9]+), total valid WAL: (?<valid>[0-9]+)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex ArchivePattern();

    [GeneratedRegex(
        @"^  backup: (?<label>\S+), status: (?<status>[a-z -]+), total files checked: (?<checked>[0-9]+), total valid files: (?<valid>[0-9]+)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex BackupPattern();

    [GeneratedRegex(
        @"^    ((missing|checksum invalid|size invalid|other): (?<count>[0-9]+)(, |$))+$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex CountsPattern();
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>Writes pgBackRest's configuration.</summary>
internal static partial class ConfigurationText
{
    private const int ShortestPassphrase = 32;

    // Block incremental backups came with 2.46 (https://pgbackrest.org/release.html).
    private static readonly Version FirstWithBlocks = new(2, 46);

    /// <summary>The text of pgbackrest.conf; it holds secrets.</summary>
    /// <exception cref="SlipwayException">Settings are wrong; all of them are told.</exception>
    public static string Of(PgBackRestSettings settings, Version version)
    {
        Validate(settings);
        var text = new StringBuilder("# Written by Slipway: changes are overwritten.\n");
        Section(text, "global", Global(settings, version));
        // Only the push is asynchronous: the lock and the spool of an asynchronous get would be those of the push.
        Section(
            text,
            "global:archive-push",
            [
                ("archive-async", "y"),
                ("archive-timeout", Seconds(settings.PushTimeout)),
                ("log-level-file", "warn"),
                // compress-level is for backups; log is pushed while the application waits for its disk.
                ("compress-level", "1"),
            ]
        );
        Section(
            text,
            settings.Stanza,
            [
                ("pg1-path", settings.DataFolder),
                ("pg1-port", settings.Port.ToString(CultureInfo.InvariantCulture)),
                ("pg1-socket-path", settings.SocketFolder),
                ("pg1-user", settings.User),
            ]
        );
        return text.ToString();
    }

    /// <summary>What is wrong with a path that stands in the configuration and in a server's command.</summary>
    public static IEnumerable<string> PathProblems(string what, string path)
    {
        if (!PathPattern().IsMatch(path))
        {
            yield return $"{what} ({path}) is not an absolute path of letters, digits, spaces and _ - . + , @ = : ~";
        }
    }

    private static IEnumerable<(string Name, string Value)> Global(PgBackRestSettings settings, Version version)
    {
        foreach (var (name, value) in settings.Repository.Options())
        {
            yield return ($"repo1-{name}", value);
        }

        if (settings.Passphrase is not null)
        {
            yield return ("repo1-cipher-type", "aes-256-cbc");
            yield return ("repo1-cipher-pass", settings.Passphrase.Reveal());
        }

        // Without bundles every small file is a round trip of its own: 38 s instead of 5 s from a bucket.
        yield return ("repo1-bundle", "y");
        if (version >= FirstWithBlocks)
        {
            yield return ("repo1-block", "y");
        }

        yield return ("repo1-retention-full", settings.KeepFull.ToString(CultureInfo.InvariantCulture));
        if (settings.KeepDifferential is { } differential)
        {
            yield return ("repo1-retention-diff", differential.ToString(CultureInfo.InvariantCulture));
        }

        // A backup removes none of the older ones: that comes once it is proven.
        yield return ("expire-auto", "n");
        yield return ("start-fast", "y");
        yield return ("compress-type", "zst");
        yield return ("compress-level", settings.CompressionLevel.ToString(CultureInfo.InvariantCulture));
        yield return ("process-max", settings.Processes.ToString(CultureInfo.InvariantCulture));
        yield return ("archive-timeout", Seconds(settings.ArchiveTimeout));
        yield return ("lock-path", settings.LockFolder);
        yield return ("log-path", settings.LogFolder);
        yield return ("spool-path", settings.SpoolFolder);
    }

    private static void Validate(PgBackRestSettings settings)
    {
        var problems = new[]
        {
            StanzaPattern().IsMatch(settings.Stanza)
                ? []
                : (IEnumerable<string>)[$"the stanza's name ({settings.Stanza}) is not of letters, digits, _ and -"],
            PathProblems("the data folder", settings.DataFolder),
            PathProblems("our own folder", settings.Folder),
            PathProblems("the spool folder", settings.SpoolFolder),
            PathProblems("the socket's folder", settings.SocketFolder),
            settings.Repository.Problems(),
            SecretProblems(settings.Passphrase?.Reveal()),
            Least("Processes", settings.Processes),
            Least("KeepFull", settings.KeepFull),
            Least("KeepDifferential", settings.KeepDifferential ?? 1),
            settings
                .Repository.Options()
                .Append(("pg1-user", settings.User))
                .Where(option => !IsPlain(option.Item2))
                .Select(option => $"{option.Item1} is empty, or has spaces at its ends or control characters"),
        };
        var all = problems.SelectMany(found => found).ToList();
        if (all.Count > 0)
        {
            throw new SlipwayException(
                $"pgBackRest cannot be set up:\n  {string.Join("\n  ", all)}",
                "mend the settings; nothing was written",
                ExitCode.BadInput
            );
        }
    }

    private static IEnumerable<string> SecretProblems(string? passphrase)
    {
        if (passphrase is not null && (passphrase.Length < ShortestPassphrase || !IsPlain(passphrase)))
        {
            yield return $"the passphrase is shorter than {ShortestPassphrase} characters or is not plain text; make one with: openssl rand -base64 48";
        }
    }

    private static IEnumerable<string> Least(string name, int value)
    {
        if (value < 1)
        {
            yield return $"{name} is {value}, and at least 1 is needed";
        }
    }

    // The file is read line by line, and what stands around a value is cut off.
    private static bool IsPlain(string value) =>
        value.Length > 0 && value.Trim() == value && !value.Any(char.IsControl);

    private static void Section(StringBuilder text, string name, IEnumerable<(string Name, string Value)> options)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n[{name}]\n");
        foreach (var (option, value) in options)
        {
            text.Append(CultureInfo.InvariantCulture, $"{option}={value}\n");
        }
    }

    private static string Seconds(TimeSpan span) =>
        Math.Ceiling(span.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex StanzaPattern();

    [GeneratedRegex(@"^/[A-Za-z0-9_\-.+,@=:~ /]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PathPattern();
}

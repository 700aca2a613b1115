using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Backups.PgBackRest;

/// <summary>What pgBackRest printed about a failure.</summary>
/// <param name="Code">The code of its error; the exit code when it printed none.</param>
/// <param name="Detail">Its message.</param>
/// <param name="Hints">Its own hints.</param>
internal sealed partial record ErrorOutput(int Code, string Detail, IReadOnlyList<string> Hints)
{
    private const int MostLines = 8;
    private const int LongestLine = 300;
    private const string HintMark = "HINT: ";

    /// <summary>Reads the last error of an output.</summary>
    public static ErrorOutput Parse(int exitCode, string output)
    {
        var lines = output.Split('\n').Select(Clean).ToList();
        var start = lines.FindLastIndex(line => ErrorPattern().IsMatch(line));
        if (start < 0)
        {
            var last = lines.Where(line => line.Length > 0).TakeLast(MostLines);
            return new(exitCode, $"ended with exit code {exitCode}. {string.Join("; ", last)}".Trim(), []);
        }

        var match = ErrorPattern().Match(lines[start]);
        var rest = lines.Skip(start + 1).TakeWhile(line => !MessagePattern().IsMatch(line)).ToList();
        var (hints, more) = Part(rest);
        return new(
            int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture),
            string.Join(
                "; ",
                more.Prepend(match.Groups["text"].Value).Distinct(StringComparer.Ordinal).Take(MostLines)
            ),
            hints
        );
    }

    /// <summary>Reads a message that stands inside an answer instead of being printed as an error.</summary>
    public static ErrorOutput ParseMessage(int code, string message)
    {
        var (hints, rest) = Part(message.Split('\n').Select(Clean));
        return new(code, string.Join("; ", rest.Distinct(StringComparer.Ordinal).Take(MostLines)), hints);
    }

    private static (IReadOnlyList<string> Hints, IReadOnlyList<string> Texts) Part(IEnumerable<string> lines)
    {
        var parts = lines
            .Where(line => line.Length > 0)
            .ToLookup(line => line.StartsWith(HintMark, StringComparison.Ordinal));
        return (parts[true].Select(line => line[HintMark.Length..]).ToList(), parts[false].ToList());
    }

    // With a wrong passphrase it quotes what it decrypted, which no terminal should see.
    private static string Clean(string line)
    {
        var plain = new string([
            .. line.Select(letter => char.IsControl(letter) || letter is '\uFFFD' ? '?' : letter),
        ]).Trim();
        return plain.Length <= LongestLine ? plain : $"{plain[..LongestLine]}…";
    }

    [GeneratedRegex(
        @"ERROR: \[(?<code>\d{3})\]: (?<text>.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex ErrorPattern();

    [GeneratedRegex(
        @"^(?:[\d-]+ [\d:.]+ )?(?:P\d+ +)?(?:INFO|WARN|ERROR|DETAIL|ASSERT): ",
        RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex MessagePattern();
}

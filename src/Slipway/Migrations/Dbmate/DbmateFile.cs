using System.Text.RegularExpressions;

namespace Slipway.Migrations.Dbmate;

/// <summary>Cuts a file of dbmate into its two blocks, by the rules of dbmate's own parser.</summary>
internal static partial class DbmateFile
{
    private const RegexOptions Options =
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>True when a text has an up block, be it behind a byte order mark that hides it from dbmate.</summary>
    public static bool IsOne(string text) => Up().IsMatch(text.TrimStart('\uFEFF'));

    /// <summary>Reads a file; what dbmate itself would refuse becomes a problem.</summary>
    public static Migration Read(string file, string text)
    {
        var (up, down) = (Up().Match(text), Down().Match(text));
        var end = down.Success && down.Index > up.Index ? down.Index : text.Length;
        return new()
        {
            Name = file[..^".sql".Length],
            Version = NumericPrefix.Of(file),
            Path = file,
            // What stands before the block is a comment, and keeps the lines what they are.
            Sql = text[..end],
            DownSql = down.Success ? Padded(text, down.Index) : null,
            DownPath = down.Success ? file : null,
            RefusesTransaction = Refuses(up),
            DownRefusesTransaction = Refuses(down),
            Problems = [.. Find(text, up, down)],
        };
    }

    private static IEnumerable<string> Find(string text, Match up, Match down)
    {
        if (!up.Success)
        {
            yield return text.StartsWith('\uFEFF')
                ? "it begins with a byte order mark, behind which dbmate finds no '-- migrate:up'; save it without"
                : "it has no line '-- migrate:up'";
            yield break;
        }

        if (!down.Success)
        {
            yield return "it has no line '-- migrate:down', which dbmate wants even when nothing follows it";
        }
        else if (down.Index < up.Index)
        {
            yield return "its '-- migrate:down' stands before its '-- migrate:up'";
        }

        if (up.NextMatch().Success || down.NextMatch().Success)
        {
            yield return "it has a block twice, of which dbmate applies both and then fails to write its history";
        }

        var before = text[..up.Index].Split('\n').Select(line => line.Trim());
        if (before.Any(line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal)))
        {
            yield return "it has statements before '-- migrate:up', which dbmate never runs";
        }
    }

    private static string Padded(string text, int at) => new string('\n', text.AsSpan(0, at).Count('\n')) + text[at..];

    private static bool Refuses(Match marker) =>
        marker
            .Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Contains("transaction:false", StringComparer.Ordinal);

    [GeneratedRegex(@"^--[ \t]*migrate:up(?:[ \t]+\S.*?)?[ \t]*\r?$", Options, 1000)]
    private static partial Regex Up();

    [GeneratedRegex(@"^--[ \t]*migrate:down(?:[ \t]+\S.*?)?[ \t]*\r?$", Options, 1000)]
    private static partial Regex Down();
}

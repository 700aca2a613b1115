using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Backups.Restoring;

/// <summary>Reads what <c>pg_restore --list</c> prints.</summary>
internal static partial class TocList
{
    private const string Dependencies = ";\tdepends on:";
    private const string ClassCatalog = "1259";

    // pg_dump's own kinds of more than one word, the longer before the shorter; whatever else there is has one word.
    private static readonly string[] Kinds =
    [
        "PUBLICATION TABLES IN SCHEMA",
        "MATERIALIZED VIEW DATA",
        "TEXT SEARCH CONFIGURATION",
        "TEXT SEARCH DICTIONARY",
        "TEXT SEARCH TEMPLATE",
        "TEXT SEARCH PARSER",
        "SEQUENCE OWNED BY",
        "FOREIGN DATA WRAPPER",
        "PROCEDURAL LANGUAGE",
        "DATABASE PROPERTIES",
        "MATERIALIZED VIEW",
        "SUBSCRIPTION TABLE",
        "PUBLICATION TABLE",
        "OPERATOR FAMILY",
        "STATISTICS DATA",
        "CHECK CONSTRAINT",
        "OPERATOR CLASS",
        "ACCESS METHOD",
        "FK CONSTRAINT",
        "FOREIGN TABLE",
        "BLOB METADATA",
        "EVENT TRIGGER",
        "SECURITY LABEL",
        "FOREIGN SERVER",
        "INDEX ATTACH",
        "ROW SECURITY",
        "SEQUENCE SET",
        "TABLE ATTACH",
        "USER MAPPING",
        "BLOB COMMENTS",
        "DEFAULT ACL",
        "SHELL TYPE",
        "TABLE DATA",
    ];

    // A schema may be called DATA; of these the catalog that the entry comes from tells more than the words do.
    private static readonly string[] OfClassCatalog =
    [
        "MATERIALIZED VIEW",
        "FOREIGN TABLE",
        "TABLE",
        "INDEX",
        "VIEW",
        "SEQUENCE",
    ];

    /// <summary>Every entry, in the order of the archive.</summary>
    public static IReadOnlyList<TocEntry> Parse(string text)
    {
        var entries = new List<TocEntry>();
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Dependencies, StringComparison.Ordinal) && entries.Count > 0)
            {
                entries[^1] = entries[^1] with { DependsOn = Numbers(line[Dependencies.Length..]) };
            }
            else if (EntryPattern().Match(line) is { Success: true } match)
            {
                var what = match.Groups["what"].Value;
                var kind = Kind(what, match.Groups["catalog"].Value);
                entries.Add(
                    new(Number(match.Groups["id"].Value), kind, what[Math.Min(kind.Length + 1, what.Length)..])
                    {
                        Object = long.Parse(match.Groups["object"].Value, CultureInfo.InvariantCulture),
                    }
                );
            }
        }

        return entries;
    }

    /// <summary>A name as pg_restore prints it: a line break in it would break the list.</summary>
    public static string Printed(string name) => name.Replace('\n', ' ').Replace('\r', ' ');

    /// <summary>The file that tells pg_restore which entries it restores, in the order of the archive.</summary>
    public static string Use(IEnumerable<int> ids) =>
        string.Concat(ids.Select(id => string.Create(CultureInfo.InvariantCulture, $"{id};\n")));

    private static string Kind(string what, string catalog) =>
        (catalog is ClassCatalog ? OfClassCatalog : Kinds).FirstOrDefault(kind =>
            what.StartsWith($"{kind} ", StringComparison.Ordinal)
        ) ?? what.Split(' ')[0];

    private static List<int> Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number).Distinct()];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<id>\d+); (?<catalog>\d+) (?<object>\d+) (?<what>.+)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex EntryPattern();
}

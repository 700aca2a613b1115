namespace Nuke.Common.IO;

/// <summary>Finds files and folders by patterns.</summary>
internal static class Globbing
{
    public static IReadOnlyCollection<AbsolutePath> Match(AbsolutePath directory, string[] patterns, bool folders)
    {
        if (!directory.DirectoryExists())
        {
            return [];
        }

        var wanted = Split(patterns.Where(pattern => !pattern.StartsWith('!')));
        var unwanted = Split(patterns.Where(pattern => pattern.StartsWith('!')).Select(pattern => pattern[1..]));
        return
        [
            .. Walk(directory, [], folders)
                .Where(entry => wanted.Exists(pattern => Matches(pattern, 0, entry.Segments, 0)))
                .Where(entry => !unwanted.Exists(pattern => Matches(pattern, 0, entry.Segments, 0)))
                .Select(entry => entry.Path)
                .OrderBy(path => (string)path, StringComparer.Ordinal),
        ];
    }

    internal static bool Matches(string pattern, string path) =>
        Split([pattern]).Exists(candidate => Matches(candidate, 0, path.Split('/'), 0));

    private static List<string[]> Split(IEnumerable<string> patterns) =>
        [
            .. patterns
                .SelectMany(Braces)
                .Select(pattern => pattern.Split('/', '\\').Where(segment => segment is not ("" or ".")).ToArray()),
        ];

    private static IEnumerable<string> Braces(string pattern)
    {
        var open = pattern.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : pattern.IndexOf('}', open);
        return close < 0
            ? [pattern]
            : pattern[(open + 1)..close]
                .Split(',')
                .SelectMany(choice => Braces(pattern[..open] + choice + pattern[(close + 1)..]));
    }

    private static IEnumerable<(AbsolutePath Path, string[] Segments)> Walk(
        AbsolutePath folder,
        string[] segments,
        bool folders
    )
    {
        foreach (var path in Directory.EnumerateDirectories(folder).Select(AbsolutePath.Create))
        {
            string[] below = [.. segments, path.Name];
            if (folders)
            {
                yield return (path, below);
            }

            // A linked folder may lead back up, so it is listed and not entered.
            if (!File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint))
            {
                foreach (var entry in Walk(path, below, folders))
                {
                    yield return entry;
                }
            }
        }

        if (!folders)
        {
            foreach (var path in Directory.EnumerateFiles(folder).Select(AbsolutePath.Create))
            {
                yield return (path, [.. segments, path.Name]);
            }
        }
    }

    private static bool Matches(string[] pattern, int p, string[] path, int i)
    {
        if (p == pattern.Length)
        {
            return i == path.Length;
        }

        if (pattern[p] is "**")
        {
            return Matches(pattern, p + 1, path, i) || (i < path.Length && Matches(pattern, p, path, i + 1));
        }

        return i < path.Length && MatchesName(pattern[p], path[i]) && Matches(pattern, p + 1, path, i + 1);
    }

    private static bool MatchesName(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) =>
        pattern switch
        {
            [] => name.IsEmpty,
            ['*', .. var rest] => MatchesName(rest, name) || (!name.IsEmpty && MatchesName(pattern, name[1..])),
            ['?', .. var rest] => !name.IsEmpty && MatchesName(rest, name[1..]),
            [var first, .. var rest] => !name.IsEmpty && name[0] == first && MatchesName(rest, name[1..]),
        };
}

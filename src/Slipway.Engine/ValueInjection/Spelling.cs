using System.Text;

namespace Nuke.Common.ValueInjection;

/// <summary>Spells member names as the command line and the environment do, and finds the nearest of several.</summary>
internal static class Spelling
{
    // Names that read as one word although they are written with humps.
    private static readonly string[] KnownWords =
    [
        "DotNet",
        "GitHub",
        "GitVersion",
        "MSBuild",
        "NuGet",
        "ReSharper",
        "AppVeyor",
        "TeamCity",
        "GitLab",
        "SignPath",
        "JetBrains",
    ];

    public static string Kebab(string name) => string.Join('-', Humps(name)).ToLowerInvariant();

    public static string UpperSnake(string name) => string.Join('_', Humps(name)).ToUpperInvariant();

    /// <summary>Letters and digits in lower case: what NUKE compares names by.</summary>
    public static string Plain(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name.Where(char.IsLetterOrDigit))
        {
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var wanted = Plain(name);
        if (wanted.Length == 0)
        {
            return null;
        }

        var (best, distance) = ((string?)null, int.MaxValue);
        foreach (var candidate in candidates)
        {
            var plain = Plain(candidate);
            var begins = wanted.Length >= 3 && plain.StartsWith(wanted, StringComparison.Ordinal);
            var found = begins ? 1 : Distance(wanted, plain);
            if (found < distance && found <= Math.Max(1, Math.Min(3, wanted.Length / 2)))
            {
                (best, distance) = (candidate, found);
            }
        }

        return best;
    }

    private static IEnumerable<string> Humps(string name)
    {
        var start = 0;
        while (start < name.Length)
        {
            var end = start + Length(name, start);
            yield return name[start..end];
            start = end;
        }
    }

    private static int Length(string name, int start)
    {
        var known = KnownWords.FirstOrDefault(word =>
            string.CompareOrdinal(name, start, word, 0, word.Length) == 0
            && (start + word.Length == name.Length || !char.IsLower(name[start + word.Length]))
        );
        if (known is not null)
        {
            return known.Length;
        }

        var end = start + 1;
        while (end < name.Length && !BeginsHump(name, end))
        {
            end++;
        }

        return end - start;
    }

    private static bool BeginsHump(string name, int index) =>
        char.IsUpper(name[index])
        && (!char.IsUpper(name[index - 1]) || (index + 1 < name.Length && char.IsLower(name[index + 1])));

    // Edits of one letter, where two letters swapped count as one.
    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Cheapest(table, left, right, i, j);
            }
        }

        return table[left.Length, right.Length];
    }

    private static int Cheapest(int[,] table, string left, string right, int i, int j)
    {
        var cost = left[i - 1] == right[j - 1] ? 0 : 1;
        var best = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + cost);
        var swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
    }
}

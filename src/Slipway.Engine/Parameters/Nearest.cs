namespace Nuke.Common.Parameters;

/// <summary>Finds what somebody probably meant.</summary>
internal static class Nearest
{
    /// <summary>" Did you mean X?", or nothing when no candidate is near.</summary>
    public static string Hint(string word, IEnumerable<string> candidates)
    {
        var best = candidates
            .Select(candidate => (candidate, Distance: Distance(Plain(word), Plain(candidate))))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.candidate is not null && best.Distance <= Math.Max(2, word.Length / 3)
            ? $" Did you mean {best.candidate}?"
            : "";
    }

    private static string Plain(string word) => word.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    // Letters added, left out, changed or swapped.
    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var row = 0; row <= left.Length; row++)
        {
            for (var column = 0; column <= right.Length; column++)
            {
                if (row == 0 || column == 0)
                {
                    table[row, column] = row + column;
                    continue;
                }

                var changed = table[row - 1, column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                table[row, column] = Math.Min(changed, 1 + Math.Min(table[row - 1, column], table[row, column - 1]));
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                {
                    table[row, column] = Math.Min(table[row, column], table[row - 2, column - 2] + 1);
                }
            }
        }

        return table[left.Length, right.Length];
    }
}

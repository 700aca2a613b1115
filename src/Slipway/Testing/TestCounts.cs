using System.Globalization;

namespace Slipway.Testing;

/// <summary>How many tests passed, failed and were skipped, read from what a test runner printed.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed.</param>
/// <param name="Skipped">Tests that did not run.</param>
public sealed record TestCounts(int Passed, int Failed, int Skipped)
{
    private static readonly (string Word, int Slot)[] Words =
    [
        ("passed", 0),
        ("passing", 0),
        ("pass", 0),
        ("succeeded", 0),
        ("failed", 1),
        ("failing", 1),
        ("failures", 1),
        ("fail", 1),
        ("skipped", 2),
        ("skip", 2),
        ("pending", 2),
        ("ignored", 2),
    ];

    /// <summary>
    /// Reads the last summary in the output of <c>dotnet test</c>, Jest, Vitest, Mocha, node's runner, pytest, cargo, PHPUnit and
    /// their like: a number beside one of the words passed, failed and skipped.
    /// </summary>
    /// <returns>Null when there is no such summary.</returns>
    public static TestCounts? Read(string output)
    {
        var found = new int?[3];
        var lines = output.Split('\n');
        for (var index = lines.Length - 1; index >= 0; index--)
        {
            var line = CountsIn(lines[index]);
            if (line.All(count => count is null))
            {
                if (found[0] is not null)
                {
                    break;
                }

                continue;
            }

            for (var slot = 0; slot < found.Length; slot++)
            {
                found[slot] ??= line[slot];
            }
        }

        return found.All(count => count is null) ? null : new(found[0] ?? 0, found[1] ?? 0, found[2] ?? 0);
    }

    /// <summary>The counts in the form that every CI reads.</summary>
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";

    private static int?[] CountsIn(string line)
    {
        var found = new int?[3];
        var words = line.Split([' ', ',', ';', '|', '\t', '\r', '='], StringSplitOptions.RemoveEmptyEntries);
        for (var index = 0; index < words.Length; index++)
        {
            var word = words[index].TrimEnd(':');
            var slot = Array.FindIndex(Words, known => known.Word.Equals(word, StringComparison.OrdinalIgnoreCase));
            if (slot < 0)
            {
                continue;
            }

            // "Failed: 3" has its number behind it, "3 failed" before it.
            var labelled = word.Length < words[index].Length;
            var count = (labelled ? null : Number(words, index - 1)) ?? Number(words, index + 1);
            found[Words[slot].Slot] ??= count;
        }

        return found;
    }

    private static int? Number(string[] words, int index) =>
        index >= 0
        && index < words.Length
        && int.TryParse(words[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

using System.Text.RegularExpressions;

namespace Slipway.Migrations.Flyway;

/// <summary>What the name of a file of Flyway's says.</summary>
/// <param name="Kind">V, U or B with a version; R without.</param>
/// <param name="Version">The version as Flyway writes it, with dots; empty for R.</param>
/// <param name="Description">The rest, with spaces.</param>
internal sealed partial record FlywayName(char Kind, string Version, string Description)
{
    /// <summary>Reads the name of a file, without <c>.sql</c>; null when it is none of Flyway's.</summary>
    public static FlywayName? Parse(string name) =>
        Pattern().Match(name) is { Success: true } match
            ? new(
                match.Groups["kind"].Success ? match.Groups["kind"].Value[0] : 'R',
                match.Groups["version"].Value.Replace('_', '.'),
                match.Groups["description"].Value.Replace('_', ' ')
            )
            : null;

    /// <summary>The version as a number of parts, so that 1, 01 and 1.0 are the same.</summary>
    public string Key => KeyOf(Version);

    /// <summary>The same of any version.</summary>
    public static string KeyOf(string version)
    {
        var parts = version
            .Split('.', '_')
            .Select(part => part.TrimStart('0') is { Length: > 0 } digits ? digits : "0")
            .ToList();
        while (parts.Count > 1 && parts[^1] is "0")
        {
            parts.RemoveAt(parts.Count - 1);
        }

        return string.Join('.', parts);
    }

    /// <summary>Versions by their numbers.</summary>
    public static int CompareVersions(string one, string other)
    {
        var (a, b) = (KeyOf(one).Split('.'), KeyOf(other).Split('.'));
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            var order = NumericPrefix.CompareDigits(i < a.Length ? a[i] : "0", i < b.Length ? b[i] : "0");
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    [GeneratedRegex(
        @"^(?:(?<kind>[VUB])(?<version>[0-9]+(?:[._][0-9]+)*)|R)__(?<description>.+)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}

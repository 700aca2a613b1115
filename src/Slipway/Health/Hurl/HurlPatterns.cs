using System.Text.RegularExpressions;

namespace Slipway.Health.Hurl;

/// <summary>Makes regular expressions that take no more than linear time, as Hurl's do.</summary>
internal static class HurlPatterns
{
    /// <summary>Makes one.</summary>
    /// <exception cref="ArgumentException">It is not a pattern.</exception>
    /// <exception cref="NotSupportedException">It needs back references or looking around.</exception>
    public static Regex Create(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
}

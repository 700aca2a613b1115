using System.Text.RegularExpressions;

namespace Slipway.Health.Hurl;

/// <summary>Takes the values of properties with secret names out of a JSON text, even when it is cut off.</summary>
internal static partial class HurlRedaction
{
    public const string Mark = "[REDACTED]";

    public static string Properties(string text) => Property().Replace(text, $"${{name}}\"{Mark}\"");

    [GeneratedRegex(
        """(?<name>"[^"]*(?:token|password|secret|api_?key)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Property();
}

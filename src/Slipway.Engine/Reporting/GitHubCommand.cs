using System.Text;

namespace Nuke.Common.Reporting;

/// <summary>Writes workflow commands as the runner of GitHub Actions reads them.</summary>
internal static class GitHubCommand
{
    public static string Of(string name, string message, params (string Key, string? Value)[] properties)
    {
        var text = new StringBuilder("::").Append(name);
        var separator = ' ';
        foreach (var (key, value) in properties.Where(property => !string.IsNullOrEmpty(property.Value)))
        {
            text.Append(separator).Append(key).Append('=').Append(EscapeProperty(value!));
            separator = ',';
        }

        return text.Append("::").Append(Escape(message)).ToString();
    }

    private static string Escape(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string EscapeProperty(string text) =>
        Escape(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}

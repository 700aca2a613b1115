using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Settings;

namespace Slipway.Runs;

/// <summary>Takes secrets out of text that is kept or leaves this machine, whatever an error message quoted.</summary>
public sealed partial class Redactor
{
    // Shorter texts occur by chance everywhere, and hiding them would tell more than it hides.
    private const int Shortest = 4;
    private const int ShortestLine = 8;
    private readonly IReadOnlyList<(string Text, StringComparison Comparison)> _forms;

    /// <summary>Knows the secrets, and the forms in which URLs and JSON write them.</summary>
    public Redactor(IEnumerable<Secret> secrets) =>
        _forms = [
            .. secrets
                .Select(secret => secret.Reveal())
                .Where(secret => secret.Length >= Shortest)
                .SelectMany(FormsOf)
                .Distinct()
                // A secret may be part of another, as a password is of an address.
                .OrderByDescending(form => form.Text.Length),
        ];

    /// <summary>The text with [REDACTED] in place of every secret, and of the password in every address.</summary>
    public string Text(string text)
    {
        var hidden = $"{new Secret("")}";
        var known = _forms.Aggregate(text, (left, form) => left.Replace(form.Text, hidden, form.Comparison));
        return PasswordPattern().Replace(known, hidden);
    }

    private static IEnumerable<(string Text, StringComparison Comparison)> FormsOf(string secret)
    {
        // An output is cut into lines, and each of them may be quoted alone.
        var lines = secret
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Length >= ShortestLine);
        foreach (var text in lines.Prepend(secret))
        {
            var inUrl = Uri.EscapeDataString(text);
            yield return (text, StringComparison.Ordinal);
            string[] escaped =
            [
                inUrl,
                inUrl.Replace("%20", "+", StringComparison.Ordinal),
                JsonEncodedText.Encode(text).ToString(),
                JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
            ];
            foreach (var form in escaped.Where(form => form != text))
            {
                // Escapes are written in capital and in small letters.
                yield return (form, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [GeneratedRegex(@"(?<=[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex PasswordPattern();
}

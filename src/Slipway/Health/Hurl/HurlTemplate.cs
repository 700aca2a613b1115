using System.Text;
using System.Text.Json;

namespace Slipway.Health.Hurl;

/// <summary>Text with <c>{{variables}}</c> in it.</summary>
/// <param name="Parts">The pieces in their order.</param>
public sealed record HurlTemplate(IReadOnlyList<HurlPart> Parts)
{
    /// <summary>The text with its variables' values.</summary>
    public string Render(Func<string, string> value) =>
        string.Concat(Parts.Select(part => part.IsVariable ? value(part.Text) : part.Text));

    /// <summary>The text as JSON: inside a string a variable's value is escaped, elsewhere it stands as it is.</summary>
    public string RenderJson(Func<string, string> value)
    {
        var (text, inString, escaped) = (new StringBuilder(), false, false);
        foreach (var part in Parts)
        {
            if (part.IsVariable)
            {
                var raw = value(part.Text);
                text.Append(inString ? JsonEncodedText.Encode(raw).ToString() : raw);
                continue;
            }

            foreach (var c in part.Text)
            {
                inString ^= c == '"' && !escaped;
                escaped = c == '\\' && inString && !escaped;
            }

            text.Append(part.Text);
        }

        return text.ToString();
    }

    /// <summary>The text as written, with the variables' names.</summary>
    public override string ToString() => Render(name => $"{{{{{name}}}}}");
}

using System.Text;
using System.Text.Json;

namespace Slipway.Health.Hurl;

/// <summary>Reads the body of a request.</summary>
internal sealed class HurlBodyParser(HurlCursor cursor)
{
    private const string Supported =
        "supported bodies: a JSON object or array, text between two lines of ```, and one line between back quotes";

    public HurlBody Body()
    {
        if (cursor.Rest.StartsWith("```", StringComparison.Ordinal))
        {
            return Fenced();
        }

        if (cursor.Peek is '`')
        {
            var line = cursor.Quoted('`');
            cursor.EndLine(Supported);
            return new(false, line);
        }

        if (cursor.Peek is not ('{' or '['))
        {
            cursor.Fail($"'{cursor.Rest.Trim()}' is not understood here", Supported);
        }

        return Json();
    }

    private HurlBody Fenced()
    {
        var start = cursor.Line;
        var hint = cursor.Rest[3..].Trim();
        if (hint is not ("" or "raw" or "json" or "text"))
        {
            cursor.Fail($"a body of kind '{hint}' is not supported", Supported);
        }

        cursor.NextLine();
        var parts = new List<HurlPart>();
        while (!cursor.Rest.StartsWith("```", StringComparison.Ordinal))
        {
            if (cursor.AtEndOfFile)
            {
                cursor.Fail($"the body that begins in line {start} has no end", "close it with a line of ```");
            }

            RawLine(parts);
        }

        cursor.Advance(3);
        cursor.EndLine(Supported);
        return new(hint is "json", new(parts));
    }

    /// <summary>Takes a line as it stands; only variables are looked for.</summary>
    private void RawLine(List<HurlPart> parts)
    {
        while (cursor.Rest.Length > 0)
        {
            var next = cursor.Rest.IndexOf("{{", StringComparison.Ordinal);
            if (next == 0)
            {
                parts.Add(cursor.Variable());
                continue;
            }

            var text = next < 0 ? cursor.Rest : cursor.Rest[..next];
            parts.Add(new(text, false, cursor.Line, 1));
            cursor.Advance(text.Length);
        }

        parts.Add(new("\n", false, cursor.Line, 1));
        cursor.NextLine();
    }

    private HurlBody Json()
    {
        var start = cursor.Line;
        var (parts, example) = (new List<HurlPart>(), new StringBuilder());
        var (depth, inString, escaped) = (0, false, false);
        do
        {
            if (cursor.Rest.Length == 0)
            {
                Take("\n");
                NextLine(start);
                continue;
            }

            if (cursor.Rest.StartsWith("{{", StringComparison.Ordinal) && IsVariable())
            {
                parts.Add(cursor.Variable());
                example.Append('0');
                continue;
            }

            var c = cursor.Peek;
            inString ^= c is '"' && !escaped;
            escaped = c is '\\' && inString && !escaped;
            depth += inString ? 0 : Nesting(c);
            Take(c.ToString());
            cursor.Advance(1);
        } while (depth > 0);

        Check(example.ToString(), start);
        cursor.EndLine("after the JSON comes HTTP with the expected status");
        return new(true, new(parts));

        void Take(string text)
        {
            parts.Add(new(text, false, cursor.Line, 1));
            example.Append(text);
        }
    }

    private static int Nesting(char c) =>
        c is '{' or '[' ? 1
        : c is '}' or ']' ? -1
        : 0;

    private void NextLine(int start)
    {
        cursor.NextLine();
        if (cursor.AtEndOfFile)
        {
            cursor.Fail($"the JSON that begins in line {start} has no end", "close every { and [");
        }
    }

    // {{ can also open an object in an object, as in a broken body; then the check of the JSON says so.
    private bool IsVariable() =>
        cursor.Rest.IndexOf("}}", StringComparison.Ordinal) is > 2 and var end
        && cursor.Rest[2..end].Trim().All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private void Check(string json, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new HurlSyntaxException(
                cursor.Path,
                line + (int)(exception.LineNumber ?? 0),
                (int)(exception.BytePositionInLine ?? 0) + 1,
                "the body is not valid JSON",
                "mend it, or put text that is no JSON between two lines of ```"
            );
        }
    }
}

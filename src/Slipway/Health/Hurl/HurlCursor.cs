using System.Diagnostics.CodeAnalysis;

namespace Slipway.Health.Hurl;

/// <summary>A place in a Hurl file: reads words and texts, and says where something is wrong.</summary>
internal sealed class HurlCursor(string path, string text)
{
    private const string Escapes = "\"\\#:|`nrtbf/";
    private const string Means = "\"\\#:|`\n\r\t\b\f/";
    private readonly string[] _lines = text.ReplaceLineEndings("\n").TrimStart('\uFEFF').Split('\n');

    public string Path => path;

    public int Row { get; private set; }

    /// <summary>Column, from 0.</summary>
    public int Column { get; private set; }

    public int Line => Row + 1;

    public bool AtEndOfFile => Row >= _lines.Length;

    public string Rest => AtEndOfFile ? "" : _lines[Row][Column..];

    public char Peek => AtEndOfFile || Column >= _lines[Row].Length ? '\0' : _lines[Row][Column];

    /// <summary>True at the end of the line, or at a comment.</summary>
    public bool AtEndOfLine => Peek is '\0' && Rest.Length == 0 || Peek is '#';

    [DoesNotReturn]
    public void Fail(string problem, string supported, int? column = null) =>
        throw new HurlSyntaxException(path, Line, (column ?? Column) + 1, problem, supported);

    public void NextLine() => (Row, Column) = (Row + 1, 0);

    public void SkipSpaces()
    {
        while (Peek is ' ' or '\t')
        {
            Column++;
        }
    }

    public void Advance(int characters) => Column += characters;

    /// <summary>The line must be over, but for a comment.</summary>
    public void EndLine(string supported)
    {
        SkipSpaces();
        if (!AtEndOfLine)
        {
            Fail($"'{Rest.Trim()}' is too much here", supported);
        }

        NextLine();
    }

    /// <summary>Reads up to a space, a comment or the end of the line.</summary>
    public string Word()
    {
        SkipSpaces();
        var start = Column;
        while (Rest.Length > 0 && Peek is not (' ' or '\t' or '#'))
        {
            Column++;
        }

        return AtEndOfFile ? "" : _lines[Row][start..Column];
    }

    /// <summary>Reads a text up to one of some characters, a comment or the end of the line.</summary>
    public HurlTemplate Template(string stops)
    {
        var parts = new HurlPartList(Line);
        while (!AtEndOfLine && !stops.Contains(Peek))
        {
            Element(parts);
        }

        return parts.ToTemplate(trim: true);
    }

    /// <summary>Reads a text between two quotes, or two back quotes.</summary>
    public HurlTemplate Quoted(char quote = '"')
    {
        var start = Column;
        Advance(1);
        var parts = new HurlPartList(Line);
        while (Peek != quote)
        {
            if (Rest.Length == 0)
            {
                Fail(
                    $"the text that begins here has no closing {quote}",
                    $"close it with {quote} on the same line",
                    start
                );
            }

            Element(parts);
        }

        Advance(1);
        return parts.ToTemplate(trim: false);
    }

    /// <summary>Reads a quoted text without variables.</summary>
    public string Plain(string what)
    {
        SkipSpaces();
        var start = Column;
        if (Peek is not '"')
        {
            Fail($"{what} is missing", "write it between double quotes");
        }

        var template = Quoted();
        if (template.Parts.Any(part => part.IsVariable))
        {
            Fail($"{what} cannot contain variables", "write it out", start);
        }

        return template.ToString();
    }

    /// <summary>Reads the name between <c>{{</c> and <c>}}</c>.</summary>
    public HurlPart Variable()
    {
        var start = Column;
        var end = Rest.IndexOf("}}", StringComparison.Ordinal);
        var name = end < 0 ? "" : Rest[2..end].Trim();
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            Fail("a variable is not written well", "write {{name}}, with letters, digits, _ and - in the name", start);
        }

        Advance(end + 2);
        return new(name, true, Line, start + 1);
    }

    /// <summary>Reads one character, escape or variable.</summary>
    private void Element(HurlPartList parts)
    {
        if (Rest.StartsWith("{{", StringComparison.Ordinal))
        {
            parts.Add(Variable());
        }
        else if (Peek is '\\')
        {
            parts.Add(Escape(), Column);
        }
        else
        {
            parts.Add(Peek.ToString(), Column);
            Advance(1);
        }
    }

    private string Escape()
    {
        var rest = Rest;
        var known = rest.Length > 1 ? Escapes.IndexOf(rest[1], StringComparison.Ordinal) : -1;
        if (known >= 0)
        {
            Advance(2);
            return Means[known].ToString();
        }

        var end = rest.IndexOf('}', StringComparison.Ordinal);
        if (
            rest.StartsWith("\\u{", StringComparison.Ordinal)
            && end > 3
            && int.TryParse(rest[3..end], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code)
            && System.Text.Rune.IsValid(code)
        )
        {
            Advance(end + 1);
            return new System.Text.Rune(code).ToString();
        }

        Fail("this escape is not known", "use \\\" \\\\ \\# \\: \\n \\r \\t \\b \\f or \\u{code}");
        return "";
    }
}

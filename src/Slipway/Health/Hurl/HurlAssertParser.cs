using System.Globalization;

namespace Slipway.Health.Hurl;

/// <summary>Reads queries, filters and predicates.</summary>
internal sealed class HurlAssertParser(HurlCursor cursor)
{
    public HurlAssert Assert()
    {
        var line = cursor.Line;
        var query = Query();
        var predicate = Predicate();
        cursor.EndLine("one assertion stands on a line");
        return new(line, query, predicate);
    }

    public HurlCapture Capture()
    {
        var line = cursor.Line;
        var name = cursor.Template(": \t").ToString();
        if (
            name.Length == 0
            || cursor.Peek is not ':'
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
        )
        {
            cursor.Fail("this is no capture", "write name: jsonpath \"$.id\"");
        }

        cursor.Advance(1);
        var query = Query();
        var redact = TryWord(word => word is "redact") is not null;
        cursor.EndLine($"after the query come filters: {Known(HurlWords.Filters.Keys)}, or redact");
        return new(line, name, query, redact);
    }

    private HurlQuery Query()
    {
        cursor.SkipSpaces();
        var word = TryWord(HurlWords.Queries.ContainsKey);
        if (word is null)
        {
            cursor.Fail($"'{NextWord()}' is no query", $"supported queries: {Known(HurlWords.Queries.Keys)}");
        }

        var kind = HurlWords.Queries[word];
        var argument = kind switch
        {
            HurlQueryKind.Header or HurlQueryKind.Cookie => cursor.Plain($"the name of the {word}"),
            HurlQueryKind.Jsonpath => Path(),
            HurlQueryKind.Regex => Pattern(),
            _ => null,
        };
        return new(kind, argument, Filters());
    }

    private List<HurlFilter> Filters()
    {
        var filters = new List<HurlFilter>();
        while (TryWord(HurlWords.Filters.ContainsKey) is { } word)
        {
            var kind = HurlWords.Filters[word];
            filters.Add(
                new(
                    kind,
                    kind switch
                    {
                        HurlFilterKind.Nth => Place(),
                        HurlFilterKind.Regex => Pattern(),
                        HurlFilterKind.Split => cursor.Plain("the separator"),
                        _ => null,
                    }
                )
            );
        }

        return filters;
    }

    private HurlPredicate Predicate()
    {
        var not = TryWord(word => word is "not") is not null;
        var word = TryWord(HurlWords.Predicates.ContainsKey);
        if (word is null)
        {
            cursor.Fail(
                $"'{NextWord()}' is neither a filter nor a predicate",
                $"supported filters: {Known(HurlWords.Filters.Keys)}; predicates: {Known(HurlWords.Predicates.Keys)}"
            );
        }

        var kind = HurlWords.Predicates[word];
        return new(not, kind, kind >= HurlPredicateKind.Exists ? null : Value(kind));
    }

    private HurlLiteral Value(HurlPredicateKind kind)
    {
        cursor.SkipSpaces();
        var column = cursor.Column;
        var literal = cursor.Peek switch
        {
            '"' => new(HurlLiteralKind.Text, cursor.Quoted()),
            '`' => new(HurlLiteralKind.Text, cursor.Quoted('`')),
            '{' => new(HurlLiteralKind.Variable, new([cursor.Variable()])),
            '/' => new(HurlLiteralKind.Pattern, One(Slashed())),
            _ => Json(),
        };
        var text = kind is HurlPredicateKind.Contains or HurlPredicateKind.StartsWith or HurlPredicateKind.EndsWith;
        if (
            kind is HurlPredicateKind.Matches
                ? literal.Kind is HurlLiteralKind.Json or HurlLiteralKind.Variable
                : literal.Kind is HurlLiteralKind.Pattern
                    || text && kind is not HurlPredicateKind.Contains && literal.Kind is HurlLiteralKind.Json
        )
        {
            cursor.Fail(
                $"{HurlWords.Of(kind)} does not take this value",
                kind is HurlPredicateKind.Matches
                    ? "write a pattern: matches /^a+$/"
                    : "write text between double quotes"
            );
        }

        if (kind is HurlPredicateKind.Matches)
        {
            if (literal.Text.Parts.Any(part => part.IsVariable))
            {
                cursor.Fail("a pattern cannot contain variables", "write it out", column);
            }

            Compile(literal.Text.ToString(), column);
        }

        return literal;
    }

    private HurlLiteral Json()
    {
        var word = NextWord();
        var number = double.TryParse(
            word,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var value
        );
        if (word is not ("true" or "false" or "null") && !(number && double.IsFinite(value) && IsJsonNumber(word)))
        {
            cursor.Fail(
                word.Length == 0 ? "a value is missing" : $"'{word}' is no value",
                "supported: \"text\", numbers, true, false, null, {{variable}} and, for matches, /pattern/"
            );
        }

        cursor.Advance(word.Length);
        return new(HurlLiteralKind.Json, One(word));
    }

    private static bool IsJsonNumber(string word)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(word);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private string Path()
    {
        cursor.SkipSpaces();
        var column = cursor.Column;
        var path = cursor.Plain("the path");
        if (HurlPath.TryParse(path) is null)
        {
            cursor.Fail($"the path '{path}' is not supported", HurlPath.Supported, column);
        }

        return path;
    }

    private string Place()
    {
        var word = cursor.Word();
        if (!int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            cursor.Fail($"'{word}' is no place in a list", "write nth 0 for the first item, nth -1 for the last");
        }

        return word;
    }

    private string Pattern()
    {
        cursor.SkipSpaces();
        var column = cursor.Column;
        var pattern = cursor.Peek is '/' ? Slashed() : cursor.Plain("the pattern");
        Compile(pattern, column);
        return pattern;
    }

    private string Slashed()
    {
        var rest = cursor.Rest;
        var end = 1;
        while (end < rest.Length && rest[end] is not '/')
        {
            end += rest[end] is '\\' ? 2 : 1;
        }

        if (end >= rest.Length)
        {
            cursor.Fail("the pattern that begins here has no closing /", "close it with / on the same line");
        }

        cursor.Advance(end + 1);
        return rest[1..end].Replace("\\/", "/", StringComparison.Ordinal);
    }

    private void Compile(string pattern, int column)
    {
        try
        {
            HurlPatterns.Create(pattern);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            cursor.Fail(
                $"the pattern cannot be used: {exception.Message}",
                "write a pattern without back references",
                column
            );
        }
    }

    private HurlTemplate One(string text) => new(text.Length == 0 ? [] : [new(text, false, cursor.Line, 1)]);

    private string NextWord()
    {
        cursor.SkipSpaces();
        var length = cursor.Rest.IndexOfAny([' ', '\t', '#']);
        return length < 0 ? cursor.Rest : cursor.Rest[..length];
    }

    private string? TryWord(Func<string, bool> known)
    {
        var word = NextWord();
        if (!known(word))
        {
            return null;
        }

        cursor.Advance(word.Length);
        return word;
    }

    private static string Known(IEnumerable<string> words) => string.Join(", ", words);
}

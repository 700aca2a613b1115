using System.Globalization;

namespace Slipway.Health.Hurl;

/// <summary>Reads the entries of a Hurl file.</summary>
internal sealed class HurlParser(HurlCursor cursor)
{
    private const string RequestSections =
        "supported for a request: [Query], [Form], [Cookies], [BasicAuth], [Options], a JSON body, and text between ```";
    private const string ResponseSections =
        "supported for a response: headers, [Captures] and [Asserts]; assert on the body with jsonpath, body or regex";
    private readonly HurlBodyParser _bodies = new(cursor);
    private readonly HurlAssertParser _asserts = new(cursor);
    private (int Row, string? Comment) _above = (-1, null);

    public List<HurlEntry> Entries()
    {
        var entries = new List<HurlEntry>();
        while (SkipBlank() is var title && !cursor.AtEndOfFile)
        {
            var request = Request();
            SkipBlank();
            entries.Add(new(title, request, IsResponse() ? Response() : null));
        }

        return entries;
    }

    /// <summary>Goes to the next line that says something.</summary>
    /// <returns>The comment right above it, also when an earlier call already came to this line.</returns>
    private string? SkipBlank()
    {
        var comment = _above.Row == cursor.Row ? _above.Comment : null;
        while (!cursor.AtEndOfFile && (cursor.Rest.TrimStart(' ', '\t') is var rest) && (rest is "" || rest[0] is '#'))
        {
            comment = rest.TrimStart('#').Trim() is { Length: > 0 } text ? text : null;
            cursor.NextLine();
        }

        cursor.SkipSpaces();
        _above = (cursor.Row, comment);
        return comment;
    }

    private HurlRequest Request()
    {
        if (!IsRequest())
        {
            cursor.Fail(
                $"'{cursor.Rest.Trim()}' does not begin a request",
                "begin with a method and an address, such as: GET {{base}}/health"
            );
        }

        var line = cursor.Line;
        var method = cursor.Word();
        cursor.SkipSpaces();
        var url = cursor.Template(" \t");
        cursor.EndLine("an address has no spaces: write %20, or use [Query]");
        var request = new HurlRequest(line, method, url) { Headers = Pairs() };
        while (SkipBlank() is var _ && Section() is { } section)
        {
            request = RequestSection(request, section);
        }

        if (cursor.AtEndOfFile || IsRequest() || IsResponse())
        {
            return request;
        }

        if (request.Form.Count > 0)
        {
            cursor.Fail("a request with [Form] has no other body", RequestSections);
        }

        return request with
        {
            Body = _bodies.Body(),
        };
    }

    private HurlRequest RequestSection(HurlRequest request, string section) =>
        section switch
        {
            "Query" or "QueryStringParams" => request with { Query = [.. request.Query, .. Pairs()] },
            "Form" or "FormParams" => request with { Form = [.. request.Form, .. Pairs()] },
            "Cookies" => request with { Cookies = [.. request.Cookies, .. Pairs()] },
            "BasicAuth" => request with { BasicAuth = Single(section) },
            "Options" => request with { Options = Options() },
            _ => UnknownSection(request, section, RequestSections),
        };

    private T UnknownSection<T>(T value, string section, string supported)
    {
        cursor.Fail($"[{section}] is not supported here", supported, 0);
        return value;
    }

    private HurlResponse Response()
    {
        var line = cursor.Line;
        var version = cursor.Word()["HTTP".Length..].TrimStart('/');
        if (version is not ("" or "1.0" or "1.1" or "2" or "3"))
        {
            cursor.Fail($"there is no HTTP {version}", "supported: HTTP, HTTP/1.0, HTTP/1.1, HTTP/2 and HTTP/3", 0);
        }

        cursor.SkipSpaces();
        var column = cursor.Column;
        var word = cursor.Word();
        var any = word is "*";
        if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && !any)
        {
            cursor.Fail($"'{word}' is no status", "write HTTP 200, or HTTP * for any status", column);
        }

        cursor.EndLine("only the status stands here");
        var response = new HurlResponse(line, version is "" ? null : version, any ? null : status)
        {
            Headers = Pairs(),
        };
        while (SkipBlank() is var _ && Section() is { } section)
        {
            response = section switch
            {
                "Captures" => response with { Captures = [.. response.Captures, .. Lines(_asserts.Capture)] },
                "Asserts" => response with { Asserts = [.. response.Asserts, .. Lines(_asserts.Assert)] },
                _ => UnknownSection(response, section, ResponseSections),
            };
        }

        if (!cursor.AtEndOfFile && !IsRequest())
        {
            cursor.Fail("an expected body is not supported", ResponseSections);
        }

        return response;
    }

    private bool IsResponse() =>
        cursor.Rest.StartsWith("HTTP", StringComparison.Ordinal)
        && cursor.Rest.Length > 4
        && cursor.Rest[4] is ' ' or '\t' or '/';

    private bool IsRequest()
    {
        var method = cursor.Rest.TakeWhile(char.IsAsciiLetterUpper).Count();
        return method > 0 && cursor.Rest.Length > method && cursor.Rest[method] is ' ' or '\t' && !IsResponse();
    }

    /// <summary>Reads a section's name and goes behind it; null when there is none.</summary>
    private string? Section()
    {
        var line = cursor.Rest.Split('#')[0].Trim();
        if (line is not ['[', .. var name, ']'] || name is "true" or "false" or "null" || !name.All(char.IsAsciiLetter))
        {
            return null;
        }

        if (name.Length == 0)
        {
            return null;
        }

        cursor.NextLine();
        return name;
    }

    private List<HurlPair> Pairs() => Lines(Pair);

    private List<T> Lines<T>(Func<T> read)
    {
        var items = new List<T>();
        while (SkipBlank() is var _ && IsPair())
        {
            items.Add(read());
        }

        return items;
    }

    // Whatever is neither the next part nor a body belongs to the section.
    private bool IsPair() =>
        !cursor.AtEndOfFile
        && !IsRequest()
        && !IsResponse()
        && (cursor.Peek is not ('[' or '{' or '`' or '"') || IsVariableName());

    private bool IsVariableName() =>
        cursor.Rest.StartsWith("{{", StringComparison.Ordinal)
        && cursor.Rest.IndexOf("}}", StringComparison.Ordinal) is > 2 and var end
        && cursor.Rest.IndexOf(':', end) > 0;

    private HurlPair Pair()
    {
        var line = cursor.Line;
        var name = cursor.Template(": \t");
        if (name.Parts.Count == 0 || cursor.Peek is not ':')
        {
            cursor.Fail($"'{cursor.Rest.Trim()}' is not understood here", "write name: value");
        }

        cursor.Advance(1);
        cursor.SkipSpaces();
        var value = cursor.Template("");
        cursor.EndLine("write name: value");
        return new(line, name, value);
    }

    private HurlPair Single(string section)
    {
        var pairs = Pairs();
        if (pairs.Count != 1)
        {
            cursor.Fail($"[{section}] has {pairs.Count} lines instead of one", "write user: password");
        }

        return pairs[0];
    }

    private HurlOptions Options()
    {
        var options = new HurlOptions();
        foreach (var option in Lines(() => (cursor.Line, Option: Option())))
        {
            options = option.Option(options);
        }

        return options;
    }

    private Func<HurlOptions, HurlOptions> Option()
    {
        var pair = Pair();
        var (name, value) = (pair.Name.ToString(), pair.Value.ToString());
        var span = HurlDuration.Parse(value);
        return (name, value, span) switch
        {
            ("skip", "true" or "false", _) => options => options with { Skip = value is "true" },
            ("retry", _, _) when Number(value) is { } times => options => options with { Retry = times },
            ("retry-interval", _, { } pause) => options => options with { RetryInterval = pause },
            ("delay", _, { } pause) => options => options with { Delay = pause },
            _ => throw new HurlSyntaxException(
                cursor.Path,
                pair.Line,
                1,
                $"the option '{name}: {value}' is not supported",
                "supported: retry: 3, retry-interval: 500ms, delay: 2s, skip: true"
            ),
        };
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

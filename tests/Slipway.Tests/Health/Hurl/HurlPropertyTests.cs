using CsCheck;
using Slipway.Health.Hurl;

namespace Slipway.Tests.Health.Hurl;

/// <summary>The parser on files that nobody wrote.</summary>
public sealed class HurlPropertyTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcXYZ09_-"], 1, 6];
    private static readonly Gen<string> Text = Gen.String[
        Gen.Frequency((10, Gen.Char[' ', '~']), (1, Gen.OneOfConst('ä', '\n', '\t'))),
        0,
        12
    ];

    private static readonly Gen<string> Piece = Gen.OneOfConst(
        "GET ",
        "http://a",
        "HTTP 200",
        "HTTP ",
        "[Asserts]",
        "[Captures]",
        "[Options]",
        "[Query]",
        "[BasicAuth]",
        "\n",
        "\n\n",
        "{",
        "}",
        "[",
        "]",
        "{{",
        "}}",
        "\"",
        "`",
        "```",
        "\\",
        "\\u{",
        ":",
        "# c",
        "jsonpath \"$.a\"",
        "status ",
        "== ",
        "not ",
        "/a/",
        "nth ",
        "regex ",
        "1",
        "-",
        "1e999",
        "matches \"(\" "
    );

    [Fact]
    public void Never_fails_but_with_a_place_in_the_file() =>
        Gen.OneOf(Piece, Piece, Piece, Text)
            .Array[0, 25]
            .Select(string.Concat)
            .Sample(
                text =>
                {
                    try
                    {
                        HurlFile.Parse("x.hurl", text);
                    }
                    catch (HurlSyntaxException error)
                    {
                        Assert.InRange(error.Line, 1, text.Split('\n').Length + 1);
                        Assert.True(error.Column > 0);
                        Assert.NotEmpty(error.Hint);
                    }
                },
                iter: 20_000
            );

    [Fact]
    public void Reads_back_what_was_written() =>
        Gen.Select(Headers, Asserts, Gen.Int[100, 599], Text)
            .Select(
                (headers, asserts, status, title) =>
                    new
                    {
                        headers,
                        asserts,
                        status,
                        title,
                    }
            )
            .Array[1, 4]
            .Sample(
                entries =>
                {
                    var text = string.Concat(
                        entries.Select(entry =>
                            $"# t{OneLine(entry.title)}\nPOST http://a/{{{{x}}}}\n{Lines(entry.headers.Select(pair => $"{pair.Name}: v{Escape(pair.Value)}"))}"
                            + $"HTTP {entry.status}\n[Asserts]\n{Lines(entry.asserts)}\n"
                        )
                    );

                    var parsed = HurlFile.Parse("x.hurl", text).Entries;

                    Assert.Equal(entries.Length, parsed.Count);
                    foreach (var (entry, read) in entries.Zip(parsed))
                    {
                        Assert.Equal($"t{OneLine(entry.title)}".Trim(), read.Title);
                        Assert.Equal(entry.status, read.Response?.Status);
                        Assert.Equal(entry.asserts, read.Response?.Asserts.Select(assert => assert.ToString()));
                        Assert.Equal(
                            entry.headers.Select(pair => (pair.Name, $"v{pair.Value}".TrimEnd(' ', '\t'))),
                            read.Request.Headers.Select(pair => (pair.Name.ToString(), pair.Value.ToString()))
                        );
                    }
                },
                iter: 2_000
            );

    private static Gen<(string Name, string Value)[]> Headers =>
        Gen.Select(Name.Where(name => name.Any(char.IsAsciiLetter)), Text.Where(IsPlain)).Array[0, 4];

    private static Gen<string[]> Asserts =>
        Gen.OneOf(
            Gen.Int.Select(number => $"status == {number}"),
            Gen.Select(Name, Text.Where(IsPlain))
                .Select((name, text) => $"header \"{name}\" not contains {Quote(text)}"),
            Gen.Select(Name, Gen.Int[-3, 9])
                .Select((name, place) => $"jsonpath \"$['{name}'][{place}].*\" nth {place} isString"),
            Gen.Const("body split \"/\" count >= 0.5"),
            Gen.Const("bytes count > 0"),
            Gen.Const("regex \"a(\\\\d)\" toInt != null")
        ).Array[0, 5];

    // A variable would have to be written well, which the other property leaves open.
    private static bool IsPlain(string text) => !text.Contains("{{", StringComparison.Ordinal);

    private static string OneLine(string text) => text.Replace('\n', ' ').Replace('\t', ' ').Trim();

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("#", "\\#", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\"";

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{line}\n"));
}

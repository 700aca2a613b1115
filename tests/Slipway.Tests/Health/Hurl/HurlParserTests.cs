using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Health.Hurl;
using Slipway.Tests.Support;

namespace Slipway.Tests.Health.Hurl;

public sealed class HurlParserTests
{
    private const string Everything = """
        # not the title

        # Log in
        POST {{base}}/api/login?x=1 # where
        Accept: application/json
        X-Odd: a \# b # a comment
        [Query]
        q: a b
        [Cookies]
        theme: dark
        [BasicAuth]
        {{user}}: secret
        [Options]
        retry: 3
        retry-interval: 50ms
        delay: 1s
        skip: false
        {
          "email": "x-{{run}}@example.org",
          "deep": [{"a": {{count}}}, null]
        }

        HTTP/1.1 201
        Location: /x
        [Captures]
        token: jsonpath "$.accessToken" redact
        first: header "Link" regex "<(.*)>" toInt
        [Asserts]
        status >= 200
        jsonpath "$.items[0]['odd name'].id" not == "a \"b\" {{token}}"
        jsonpath "$.items[*].id" count == 2
        body matches /^\d+\/x$/
        cookie "session" exists
        duration < 1000
        bytes isEmpty
        header "X" split "," nth 1 isString

        # Next
        GET {{base}}/x
        HTTP *
        """;

    [Fact]
    public void Understands_the_whole_of_the_subset()
    {
        var (login, next) = HurlFile.Parse("a.hurl", Everything).Entries is [var one, var two]
            ? (one, two)
            : throw new InvalidOperationException("not two entries");

        var request = login.Request;
        Assert.Equal(("Log in", "Next"), (login.Title, next.Title));
        Assert.Equal(("POST", "{{base}}/api/login?x=1", 4), (request.Method, request.Url.ToString(), request.Line));
        Assert.Equal(["Accept=application/json", "X-Odd=a # b"], Shown(request.Headers));
        Assert.Equal(["q=a b"], Shown(request.Query));
        Assert.Equal(["theme=dark"], Shown(request.Cookies));
        Assert.Equal("{{user}}", request.BasicAuth?.Name.ToString());
        Assert.Equal(
            new HurlOptions
            {
                Retry = 3,
                RetryInterval = TimeSpan.FromMilliseconds(50),
                Delay = TimeSpan.FromSeconds(1),
            },
            request.Options
        );
        Assert.Contains(
            "\"deep\": [{\"a\": {{count}}}, null]",
            request.Body?.Text.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal((201, "1.1"), (login.Response?.Status, login.Response?.Version));
        Assert.Equal(["Location=/x"], Shown(login.Response!.Headers));
        Assert.Equal(
            ["token: jsonpath \"$.accessToken\" True", "first: header \"Link\" regex \"<(.*)>\" toInt False"],
            login.Response.Captures.Select(capture => $"{capture.Name}: {capture.Query} {capture.Redact}")
        );
        Assert.Equal(Asserts(), login.Response.Asserts.Select(assert => assert.ToString()));
        Assert.Null(next.Response!.Status);
    }

    [Fact]
    public void Reads_other_bodies()
    {
        var file = HurlFile.Parse(
            "a.hurl",
            "PUT http://a/1\n```\nraw # {{x}}\n  \"text\n```\nHTTP 200\n\nPUT http://a/2\n`one {{line}}`\n\nPUT http://a/3\n[\"a\"]\n\n"
                + "POST http://a/4\n[FormParams]\na: b\nc: {{d}}"
        );

        Assert.Equal(
            ["raw # {{x}}\n  \"text\n", "one {{line}}", "[\"a\"]"],
            file.Entries.Take(3).Select(entry => entry.Request.Body?.Text.ToString())
        );
        Assert.Equal([false, false, true], file.Entries.Take(3).Select(entry => entry.Request.Body?.IsJson));
        Assert.Equal(["a=b", "c={{d}}"], Shown(file.Entries[3].Request.Form));
    }

    [Fact]
    public void Says_where_and_what_is_not_understood()
    {
        string[] broken =
        [
            "hello",
            "GET",
            "GET http://a b",
            "GET http://a\n[Multipart]\na: b",
            "GET http://a\n[Options]\nlocation: true",
            "GET http://a\n{\"a\": 1,}",
            "GET http://a\n{\n  \"a\": 1",
            "GET http://a\n```xml\n<a/>\n```",
            "GET http://a\nHTTP 2xx",
            "GET http://a\nHTTP 200\n{\"a\": 1}",
            "GET http://a\nHTTP 200\n[Asserts]\nxpath \"//a\" exists",
            "GET http://a\nHTTP 200\n[Asserts]\nstatus = 200",
            "GET http://a\nHTTP 200\n[Asserts]\nstatus == two",
            "GET http://a\nHTTP 200\n[Asserts]\nstatus == 200 and more",
            "GET http://a\nHTTP 200\n[Asserts]\njsonpath \"$..a\" exists",
            "GET http://a\nHTTP 200\n[Asserts]\njsonpath \"$.a[?(@.b)]\" exists",
            "GET http://a\nHTTP 200\n[Asserts]\nbody matches \"(a\"",
            "GET http://a\nHTTP 200\n[Asserts]\nbody contains \"a",
            "GET http://a\nHTTP 200\n[Asserts]\nbody base64Decode exists",
            "GET http://a\nHTTP 200\n[Captures]\ntoken jsonpath \"$.a\"",
            "GET http://a/{{un closed",
            "GET http://a\nA: \\q",
        ];

        var said = broken.Select(text =>
        {
            var error = Assert.Throws<HurlSyntaxException>(() => HurlFile.Parse("a.hurl", text));
            var line = text.Split('\n').ElementAtOrDefault(error.Line - 1) ?? "(end of file)";
            return $"{line}\n{error.Message}\nHINT: {error.Hint}\n";
        });

        Approval.Match(string.Join('\n', said));
    }

    [Fact]
    public void Reads_the_file_of_the_sample_application()
    {
        var path = Path.Combine(Repository(), ".nuke", "environments", "sample.hurl");

        var file = HurlFile.Parse(path, File.ReadAllText(path));

        Assert.Contains(
            "POST {{base}}/api/notes",
            file.Entries.Select(entry => $"{entry.Request.Method} {entry.Request.Url}")
        );
        Assert.All(file.Entries, entry => Assert.NotNull(entry.Title));
    }

    private static string[] Asserts() =>
        [
            "status >= 200",
            "jsonpath \"$.items[0]['odd name'].id\" not == \"a \\\"b\\\" {{token}}\"",
            "jsonpath \"$.items[*].id\" count == 2",
            "body matches /^\\d+\\/x$/",
            "cookie \"session\" exists",
            "duration < 1000",
            "bytes isEmpty",
            "header \"X\" split \",\" nth 1 isString",
        ];

    private static IEnumerable<string> Shown(IEnumerable<HurlPair> pairs) =>
        pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Name}={pair.Value}"));

    private static string Repository([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", ".."));
}

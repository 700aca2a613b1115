using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Health;
using Slipway.Health.Hurl;
using Slipway.Runs;
using Slipway.Tests.Support;

namespace Slipway.Tests.Health.Hurl;

public sealed class HurlRunnerTests : IDisposable
{
    private const string Token = "s3cr3t-value";
    private const string Bodies = """
        POST {{base}}/a?x=1
        X-A: {{name}}
        [Query]
        q: {{name}}&
        {"name": "{{name}}", "n": {{number}}}

        POST {{base}}/b
        [Form]
        a: 1 2
        ä: {{name}}

        PUT {{base}}/c
        Content-Type: text/csv
        [BasicAuth]
        ada: pass
        ```
        a,{{name}}
        ```
        """;
    private readonly SocketsHttpHandler _handler = DirectHttp.CreateHandler();

    [Fact]
    public async Task Sends_what_is_written()
    {
        var got = new ConcurrentQueue<string>();
        await using var site = await Site.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var request = context.Request;
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            got.Enqueue(
                $"{request.Method} {request.Path}{request.QueryString} {request.ContentType} {request.Headers["X-A"]}{request.Headers.Authorization} {body}"
            );
        });

        await PassAsync(site, Bodies, new() { ["name"] = "A \"B\"", ["number"] = "7" });

        Assert.Equal(
            [
                "POST /a?x=1&q=A%20%22B%22%26 application/json A \"B\" {\"name\": \"A \\u0022B\\u0022\", \"n\": 7}",
                "POST /b application/x-www-form-urlencoded  a=1+2&%C3%A4=A+%22B%22",
                "PUT /c text/csv Basic YWRhOnBhc3M= a,A \"B\"\n",
            ],
            got
        );
    }

    [Fact]
    public async Task Keeps_cookies_and_captures_for_the_requests_that_follow()
    {
        await using var site = await Site.StartAsync(context =>
        {
            context.Response.Headers.Append("Set-Cookie", "session=s1; Path=/; HttpOnly; Secure");
            context.Response.Headers.Append("Set-Cookie", "other=x; Path=/elsewhere");
            var request = context.Request;
            return Site.SayAsync(
                context,
                $$"""{"id":7,"cookie":"{{request.Headers.Cookie}}","accessToken":"{{Token}}","sent":"{{request.Headers.Authorization}}"}"""
            );
        });

        await PassAsync(
            site,
            """
            GET {{base}}/first
            HTTP 200
            [Captures]
            id: jsonpath "$.id"
            token: jsonpath "$.accessToken"
            [Asserts]
            cookie "session" == "s1"
            jsonpath "$.cookie" == ""

            GET {{base}}/notes/{{id}}
            Authorization: Bearer {{token}}
            [Cookies]
            theme: dark
            HTTP 200
            [Asserts]
            jsonpath "$.id" == {{id}}
            jsonpath "$.cookie" == "session=s1; theme=dark"
            jsonpath "$.sent" == "Bearer {{token}}"
            """
        );

        Assert.Equal(["GET /first", "GET /notes/7"], site.Requests);
    }

    [Fact]
    public async Task Stops_at_the_first_request_that_does_not_hold_and_says_what()
    {
        await using var site = await Site.StartAsync("""{"title":"other"}""", 409);

        var results = await RunAsync(
            site,
            "GET {{base}}/any\nHTTP *\n\n# Create a note\nPOST {{base}}/notes\nHTTP 201\n\nGET {{base}}/never\n"
        );

        Assert.Equal([HurlOutcome.Passed, HurlOutcome.Failed], results.Select(result => result.Outcome));
        Assert.Equal(("Create a note", 5), (results[1].Title, results[1].Line));
        Assert.Equal(
            "line 6: status: expected 201, got 409: {\"title\":\"other\"}",
            Assert.Single(results[1].Failures).ToString()
        );
        Assert.Equal(2, site.Requests.Count);
    }

    [Fact]
    public async Task Never_prints_tokens_and_passwords()
    {
        await using var site = await Site.StartAsync(
            $$"""{"accessToken":"{{Token}}","also":"x {{Token}} y","password":"pass"}"""
        );

        var results = await RunAsync(
            site,
            """
            GET {{base}}/
            HTTP 200
            [Captures]
            my_token: jsonpath "$.accessToken"

            GET {{base}}/{{my_token}}
            [Query]
            password: {{my_token}}
            HTTP 200
            [Asserts]
            jsonpath "$.also" == "z"
            jsonpath "$.accessToken" isInteger
            body contains "nothing like it {{my_token}}"
            """
        );

        var said = string.Join('\n', results);
        Assert.Equal(3, results[1].Failures.Count);
        Assert.DoesNotContain(Token, said, StringComparison.Ordinal);
        Assert.DoesNotContain("pass\"", said, StringComparison.Ordinal);
        Assert.Contains("x [REDACTED] y", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tries_again_as_often_as_the_file_says()
    {
        var requests = 0;
        await using var site = await Site.StartAsync(context =>
            Site.SayAsync(context, "{}", ++requests < 3 ? 404 : 200)
        );

        var results = await RunAsync(
            site,
            "GET {{base}}/\n[Options]\nretry: 5\nretry-interval: 1ms\nHTTP 200\n\nGET {{base}}/\n[Options]\nskip: true\n"
        );

        Assert.Equal([3, 0], results.Select(result => result.Attempts));
        Assert.Equal([HurlOutcome.Passed, HurlOutcome.Skipped], results.Select(result => result.Outcome));
    }

    [Theory]
    [InlineData("GET {{base}}/\n\nGET {{base}}/{{id}}", "a.hurl:3:14: nothing sets the variable id")]
    [InlineData("POST {{base}}/\n{\n \"a\": \"{{b}}\"}", "a.hurl:3:8: nothing sets the variable b")]
    [InlineData(
        "GET {{base}}/\n[Options]\nskip: true\nHTTP 200\n[Captures]\nid: body\n\nGET {{base}}/{{id}}",
        "a.hurl:8:14: nothing sets the variable id"
    )]
    public async Task Sends_nothing_when_a_variable_is_not_set(string text, string said)
    {
        await using var site = await Site.StartAsync("{}");

        var error = await Assert.ThrowsAsync<HurlSyntaxException>(() => RunAsync(site, text));

        Assert.Equal(said, error.Message);
        Assert.Empty(site.Requests);
    }

    [Fact]
    public async Task Tells_that_nothing_answers()
    {
        Uri url;
        await using (var site = await Site.StartAsync("{}"))
        {
            url = site.Url;
        }

        var results = await RunAsync(url, "GET {{base}}/\nHTTP 200", []);

        Assert.Contains("refused", Assert.Single(results[0].Failures).Actual, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Gives_every_pass_another_run_text()
    {
        var run = RunId.New(TimeProvider.System);
        var texts = Enumerable
            .Range(0, 20)
            .Select(_ => HurlVariables.Standard(new Uri("http://a/"), "v", run)["run"])
            .ToList();

        Assert.Equal(20, texts.Distinct(StringComparer.Ordinal).Count());
        Assert.All(texts, text => Assert.Matches("^[a-z0-9-]+$", text));
    }

    public void Dispose() => _handler.Dispose();

    private async Task PassAsync(Site site, string text, Dictionary<string, string>? more = null)
    {
        var results = await RunAsync(site.Url, text, more ?? []);
        Assert.True(results.All(result => result.Passed), string.Join('\n', results));
    }

    private Task<IReadOnlyList<HurlStepResult>> RunAsync(Site site, string text) => RunAsync(site.Url, text, []);

    private Task<IReadOnlyList<HurlStepResult>> RunAsync(Uri url, string text, Dictionary<string, string> more)
    {
        var variables = new Dictionary<string, string>(
            HurlVariables.Standard(url, "abc", RunId.New(TimeProvider.System)),
            StringComparer.Ordinal
        );
        foreach (var (name, value) in more)
        {
            variables[name] = value;
        }

        return new HurlRunner(_handler, TimeProvider.System, TimeSpan.FromMinutes(1)).RunAsync(
            HurlFile.Parse("a.hurl", text),
            variables,
            TestContext.Current.CancellationToken
        );
    }
}

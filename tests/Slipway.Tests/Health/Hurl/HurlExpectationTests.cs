using Slipway.Health.Hurl;

namespace Slipway.Tests.Health.Hurl;

public sealed class HurlExpectationTests
{
    private static readonly HurlReceived Received = new(
        201,
        "1.1",
        [new("Content-Type", "application/json"), new("Link", "<7>"), new("X", "a"), new("x", "b")],
        new Dictionary<string, string>(StringComparer.Ordinal) { ["session"] = "s1" },
        """{"id":7,"big":12345678901234567,"price":1.50,"name":"Ada","on":true,"none":null,"empty":"","items":[{"id":1},{"id":2}],"zero":[],"n":"42"}""",
        100,
        TimeSpan.FromMilliseconds(12)
    );

    [Theory]
    [InlineData("status == 201")]
    [InlineData("status != 200")]
    [InlineData("status > 200")]
    [InlineData("status <= 201")]
    [InlineData("header \"content-type\" startsWith \"application/\"")]
    [InlineData("header \"Link\" regex \"<(.*)>\" toInt == 7")]
    [InlineData("header \"X\" contains \"b\"")]
    [InlineData("header \"X\" count == 2")]
    [InlineData("header \"Y\" not exists")]
    [InlineData("cookie \"session\" == \"s1\"")]
    [InlineData("body contains \"Ada\"")]
    [InlineData("bytes count == 100")]
    [InlineData("bytes not isEmpty")]
    [InlineData("duration < 13")]
    [InlineData("regex \"\\\"id\\\":(\\\\d)\" == \"7\"")]
    [InlineData("jsonpath \"$\" isCollection")]
    [InlineData("jsonpath \"$.id\" isInteger")]
    [InlineData("jsonpath \"$.id\" == 7.0")]
    [InlineData("jsonpath \"$.big\" == 12345678901234567")]
    [InlineData("jsonpath \"$.big\" != 12345678901234568")]
    [InlineData("jsonpath \"$.price\" isNumber")]
    [InlineData("jsonpath \"$.price\" not isInteger")]
    [InlineData("jsonpath \"$.price\" > 1.49")]
    [InlineData("jsonpath \"$.price\" toInt == 1")]
    [InlineData("jsonpath \"$.name\" isString")]
    [InlineData("jsonpath \"$.name\" matches /^A.a$/")]
    [InlineData("jsonpath \"$.name\" endsWith \"da\"")]
    [InlineData("jsonpath \"$.name\" count == 3")]
    [InlineData("jsonpath \"$.on\" isBoolean")]
    [InlineData("jsonpath \"$.on\" == true")]
    [InlineData("jsonpath \"$.none\" exists")]
    [InlineData("jsonpath \"$.none\" == null")]
    [InlineData("jsonpath \"$.empty\" isEmpty")]
    [InlineData("jsonpath \"$.zero\" isEmpty")]
    [InlineData("jsonpath \"$.items\" count == 2")]
    [InlineData("jsonpath \"$.items[*].id\" contains 2")]
    [InlineData("jsonpath \"$.items[-1].id\" == 2")]
    [InlineData("jsonpath \"$.items\" last exists")]
    [InlineData("jsonpath \"$.items[*].id\" nth 0 == 1")]
    [InlineData("jsonpath \"$['items'][5]\" not exists")]
    [InlineData("jsonpath \"$.n\" toInt >= 42")]
    [InlineData("jsonpath \"$.n\" == \"{{n}}\"")]
    [InlineData("jsonpath \"$.id\" toString == \"7\"")]
    public void Holds(string assert) => Assert.Empty(Judge(assert));

    [Theory]
    [InlineData("status == 200", "expected == 200, got 201")]
    [InlineData("jsonpath \"$.id\" == \"7\"", "expected == \"7\", got 7")]
    [InlineData("jsonpath \"$.id\" == \"{{n}}\"", "expected == \"42\", got 7")]
    [InlineData("jsonpath \"$.gone\" exists", "expected exists, got nothing")]
    [InlineData("jsonpath \"$.gone\" != 3", "expected != 3, got nothing")]
    [InlineData("jsonpath \"$.gone\" not isString", "expected not isString, got nothing")]
    [InlineData("jsonpath \"$.none\" not exists", "expected not exists, got null")]
    [InlineData("jsonpath \"$.name\" > 3", "expected > 3, got \"Ada\"")]
    [InlineData("jsonpath \"$.name\" not > 3", "expected not > 3, got \"Ada\"")]
    [InlineData("jsonpath \"$.id\" contains \"7\"", "expected contains \"7\", got 7")]
    [InlineData("jsonpath \"$.id\" isEmpty", "expected isEmpty, got 7")]
    [InlineData("jsonpath \"$.name\" toInt == 3", "expected == 3, got \"Ada\", which toInt cannot be made of")]
    [InlineData(
        "jsonpath \"$.name\" toInt not exists",
        "expected not exists, got \"Ada\", which toInt cannot be made of"
    )]
    [InlineData("jsonpath \"$.items\" first == 1", "expected == 1, got {\"id\":1}")]
    public void Does_not_hold_and_says_what_it_got(string assert, string said) =>
        Assert.EndsWith(said, Assert.Single(Judge(assert)).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_path_into_a_body_that_is_no_JSON_does_not_hold() =>
        Assert.Contains(
            "got a body that is not JSON",
            Assert.Single(Judge("jsonpath \"$.id\" not exists", Received with { Body = "<html>" })).ToString(),
            StringComparison.Ordinal
        );

    private static List<HurlFailure> Judge(string assert, HurlReceived? received = null)
    {
        var file = HurlFile.Parse("a.hurl", $"GET http://a\nHTTP 201\n[Asserts]\n{assert}");
        var given = new Dictionary<string, string>(StringComparer.Ordinal) { ["n"] = "42" };
        var variables = new HurlVariables(given, TimeProvider.System);
        var response = file.Entries[0].Response!;
        return new HurlExpectation(variables).Judge(
            response,
            new(
                (received ?? Received).Status,
                "1.1",
                Received.Headers,
                Received.Cookies,
                (received ?? Received).Body,
                Received.ByteCount,
                Received.Duration
            )
        );
    }
}

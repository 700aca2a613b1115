using System.Text.Json;

namespace Slipway.Health.Hurl;

/// <summary>Compares a response with what is expected of it, and keeps what it captures.</summary>
internal sealed class HurlExpectation(HurlVariables variables)
{
    public List<HurlFailure> Judge(HurlResponse expected, HurlReceived received)
    {
        var failures = new List<HurlFailure>();
        if (expected.Status is { } status && status != received.Status)
        {
            failures.Add(new(expected.Line, "status", $"{status}", Status(received)));
        }

        if (expected.Version is { } version && !version.Equals(received.Version, StringComparison.Ordinal))
        {
            failures.Add(new(expected.Line, "version", $"HTTP/{version}", $"HTTP/{received.Version}"));
        }

        failures.AddRange(expected.Headers.Select(pair => Header(pair, received)).OfType<HurlFailure>());
        if (failures.Count > 0)
        {
            return failures;
        }

        failures.AddRange(expected.Captures.Select(capture => Capture(capture, received)).OfType<HurlFailure>());
        failures.AddRange(expected.Asserts.Select(assert => Assert(assert, received)).OfType<HurlFailure>());
        return failures;
    }

    private string Status(HurlReceived received)
    {
        // The whole body is cleaned before it is cut, so that no secret is cut in two and missed.
        var body = HealthAnswer.Excerpt(variables.Redact(received.Body));
        return body.Length == 0 ? $"{received.Status}" : $"{received.Status}: {body}";
    }

    private HurlFailure? Header(HurlPair pair, HurlReceived received)
    {
        var (name, value) = (pair.Name.Render(variables.Text), pair.Value.Render(variables.Text));
        var actual = received.Header(name);
        return actual.Contains(value, StringComparer.Ordinal)
            ? null
            : new(
                pair.Line,
                $"header {name}",
                Shown(name, value),
                actual.Count == 0 ? "nothing" : Shown(name, string.Join(", ", actual))
            );
    }

    private HurlFailure? Capture(HurlCapture capture, HurlReceived received)
    {
        var data = HurlEvaluator.Evaluate(capture.Query, received);
        if (!data.Exists || data.ByteCount is not null)
        {
            return new(
                capture.Line,
                $"capture of {capture.Name} from {capture.Query}",
                "a value",
                variables.Redact($"{data}")
            );
        }

        variables.Set(capture.Name, data.Value, capture.Redact);
        return null;
    }

    private HurlFailure? Assert(HurlAssert assert, HurlReceived received)
    {
        var actual = HurlEvaluator.Evaluate(assert.Query, received);
        var expected = assert.Predicate.Value is { } literal ? Value(literal) : null;
        if (HurlJudge.Holds(assert.Predicate, actual, expected))
        {
            return null;
        }

        var wanted = $"{(assert.Predicate.Not ? "not " : "")}{HurlWords.Of(assert.Predicate.Kind)}";
        var name = assert.Query.Argument ?? "";
        return new(
            assert.Line,
            assert.Query.ToString(),
            expected is null ? wanted : $"{wanted} {Shown(name, expected.ToString())}",
            actual.Exists ? Shown(name, actual.ToString()) : variables.Redact(actual.ToString())
        );
    }

    private HurlData Value(HurlLiteral literal) =>
        literal.Kind switch
        {
            HurlLiteralKind.Variable => HurlData.Of(variables.Value(literal.Text.Parts[0].Text)),
            HurlLiteralKind.Json => HurlData.Of(JsonSerializer.Deserialize<JsonElement>(literal.Text.ToString())),
            HurlLiteralKind.Text => HurlData.Of(literal.Text.Render(variables.Text)),
            _ => HurlData.Of(literal.Text.ToString()),
        };

    private string Shown(string name, string value) =>
        HurlVariables.IsSecret(name) ? HurlRedaction.Mark : HealthAnswer.Excerpt(variables.Redact(value));
}

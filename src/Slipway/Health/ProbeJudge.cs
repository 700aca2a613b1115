using System.Text.Json;

namespace Slipway.Health;

/// <summary>Judges one answer of a health probe.</summary>
internal static class ProbeJudge
{
    private static readonly string[] Good = ["ok", "up", "healthy", "pass", "connected"];
    private static readonly string[] Bad = ["error", "down", "unhealthy", "fail", "failed", "disconnected"];

    public static ProbeVerdict Judge(ProbeReply reply, ProbeExpectation expected)
    {
        if (reply.Problem is { } problem)
        {
            return new(problem, reply.Final, null);
        }

        if (reply.StatusCode != 200)
        {
            return new($"it answers HTTP {reply.StatusCode} instead of 200", false, Version(reply.Body, expected));
        }

        if (Parse(reply.Body) is not { } body)
        {
            return new("its answer is not a JSON object", false, null);
        }

        var version = Text(body, expected.VersionProperty);
        return new(Status(body, expected) ?? Release(version, expected) ?? Migration(body, expected), false, version);
    }

    private static string? Status(JsonElement body, ProbeExpectation expected)
    {
        var status = Text(body, "status");
        return status switch
        {
            null => expected.StatusRequired ? "its answer has no status" : null,
            _ when Has(Bad, status) => $"its status is \"{status}\"",
            _ when expected.StatusRequired && !Has(Good, status) => $"its status is \"{status}\" instead of \"ok\"",
            _ => null,
        };
    }

    private static string? Release(string? version, ProbeExpectation expected) =>
        expected is { Version: { } wanted, VersionProperty.Length: > 0 }
        && !wanted.Equals(version, StringComparison.Ordinal)
            ? version is null
                ? $"its answer has no {expected.VersionProperty}, but release {wanted} must answer"
                : $"release {version} answers instead of {wanted}"
            : null;

    private static string? Migration(JsonElement body, ProbeExpectation expected) =>
        expected.NewestMigration is { } wanted
        && Text(body, "migration") is { } actual
        && !wanted.Equals(actual, StringComparison.Ordinal)
            ? $"it sees migration {actual} as the newest instead of {wanted}: is it connected to another database?"
            : null;

    private static string? Version(string body, ProbeExpectation expected) =>
        Parse(body) is { } json ? Text(json, expected.VersionProperty) : null;

    private static JsonElement? Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement body, string property) =>
        property.Length > 0 && body.TryGetProperty(property, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Null => null,
                _ => value.GetRawText(),
            }
            : null;

    private static bool Has(string[] words, string word) => words.Contains(word, StringComparer.OrdinalIgnoreCase);
}

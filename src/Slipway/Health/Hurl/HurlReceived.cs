using System.Text.Json;

namespace Slipway.Health.Hurl;

/// <summary>A response as received.</summary>
/// <param name="Status">Status.</param>
/// <param name="Version">Version of HTTP, such as <c>1.1</c>.</param>
/// <param name="Headers">Header lines in their order.</param>
/// <param name="Cookies">Cookies that it sets.</param>
/// <param name="Body">The body as text.</param>
/// <param name="ByteCount">The body's size.</param>
/// <param name="Duration">From the request to the end of the body.</param>
internal sealed record HurlReceived(
    int Status,
    string Version,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    IReadOnlyDictionary<string, string> Cookies,
    string Body,
    int ByteCount,
    TimeSpan Duration
)
{
    /// <summary>The body as JSON; null when it is none.</summary>
    public JsonElement? Json { get; } = Parse(Body);

    /// <summary>All values of a header.</summary>
    public IReadOnlyList<string> Header(string name) =>
        [
            .. Headers
                .Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(header => header.Value),
        ];

    private static JsonElement? Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json.Serialization;

namespace Slipway.Proxy;

/// <summary>What the proxy says of itself.</summary>
/// <param name="Address">Base address of the release that gets the traffic.</param>
/// <param name="Release">That release.</param>
/// <param name="ActiveRequests">Requests in flight for each address that ever got traffic.</param>
internal sealed record UpstreamAnswer(
    [property: JsonPropertyName("upstream")] string Address,
    string Release,
    IReadOnlyDictionary<string, long> ActiveRequests
);

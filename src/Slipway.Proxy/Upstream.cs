using System.Text.Json.Serialization;

namespace Slipway.Proxy;

/// <summary>Where the traffic goes.</summary>
/// <param name="Address">Base address of the release.</param>
/// <param name="Release">The release.</param>
internal sealed record Upstream([property: JsonPropertyName("upstream")] string Address, string Release);

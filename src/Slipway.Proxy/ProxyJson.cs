using System.Text.Json.Serialization;

namespace Slipway.Proxy;

[JsonSerializable(typeof(Upstream))]
[JsonSerializable(typeof(UpstreamAnswer))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ProxyJson : JsonSerializerContext;

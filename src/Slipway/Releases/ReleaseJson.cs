using System.Text.Json.Serialization;

namespace Slipway.Releases;

[JsonSerializable(typeof(List<ReleaseEntry>))]
[JsonSerializable(typeof(RunningRelease))]
[JsonSerializable(typeof(RunningProxy))]
[JsonSerializable(typeof(ProxyUpstream))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true
)]
internal sealed partial class ReleaseJson : JsonSerializerContext;

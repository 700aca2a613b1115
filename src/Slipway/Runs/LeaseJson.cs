using System.Text.Json.Serialization;

namespace Slipway.Runs;

[JsonSerializable(typeof(DeployLease))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class LeaseJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Slipway.Migrations.Advice;

[JsonSerializable(typeof(IReadOnlyList<SquawkFinding>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SquawkJson : JsonSerializerContext;

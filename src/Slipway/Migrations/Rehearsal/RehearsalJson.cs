using System.Text.Json.Serialization;

namespace Slipway.Migrations.Rehearsal;

[JsonSerializable(typeof(List<RehearsalEntry>))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true
)]
internal sealed partial class RehearsalJson : JsonSerializerContext;

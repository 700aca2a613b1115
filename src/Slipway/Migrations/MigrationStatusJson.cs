using System.Text.Json.Serialization;

namespace Slipway.Migrations;

/// <summary>The status for programs.</summary>
[JsonSerializable(typeof(MigrationReport))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
internal sealed partial class MigrationStatusJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Slipway.Backups.Restoring;

[JsonSerializable(typeof(RestoreJournal))]
[JsonSerializable(typeof(Salvage))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true
)]
internal sealed partial class RestoreJson : JsonSerializerContext;

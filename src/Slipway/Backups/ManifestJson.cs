using System.Text.Json.Serialization;

namespace Slipway.Backups;

[JsonSerializable(typeof(BackupManifest))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true
)]
internal sealed partial class ManifestJson : JsonSerializerContext;

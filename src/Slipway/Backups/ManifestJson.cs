using System.Text.Json.Serialization;

namespace Slipway.Backups;

[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupVerification))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true
)]
internal sealed partial class ManifestJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Slipway.Backups;

[JsonSerializable(typeof(List<BackupListEntry>))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BackupListJson : JsonSerializerContext;

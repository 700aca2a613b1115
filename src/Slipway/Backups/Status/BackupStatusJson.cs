using System.Text.Json.Serialization;

namespace Slipway.Backups.Status;

[JsonSerializable(typeof(BackupStatus))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(BackupItemStatusConverter)]
)]
internal sealed partial class BackupStatusJson : JsonSerializerContext;

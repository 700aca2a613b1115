using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Backups.Status;

/// <summary>Writes statuses in small letters.</summary>
internal sealed class BackupItemStatusConverter()
    : JsonStringEnumConverter<BackupItemStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

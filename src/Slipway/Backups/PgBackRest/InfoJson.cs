using System.Text.Json.Serialization;

namespace Slipway.Backups.PgBackRest;

[JsonSerializable(typeof(InfoDocument[]))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
internal sealed partial class InfoJson : JsonSerializerContext;

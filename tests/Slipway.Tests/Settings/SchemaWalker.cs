using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Tests.Settings;

/// <summary>Validates against the part of JSON Schema that our schema uses; a keyword it does not know is an error.</summary>
internal static class SchemaWalker
{
    private static readonly string[] Comments = ["$schema", "$defs", "title", "description", "default", "examples"];

    /// <summary>The properties that hold values, with their path and schema.</summary>
    public static IEnumerable<(string Path, JsonObject Schema)> Leaves(
        JsonObject schema,
        JsonObject? root = null,
        string path = ""
    ) =>
        schema["properties"] is JsonObject properties
            ? properties.SelectMany(pair =>
                Leaves(
                    Resolve(pair.Value!.AsObject(), root ?? schema),
                    root ?? schema,
                    path.Length == 0 ? pair.Key : $"{path}.{pair.Key}"
                )
            )
            : [(path, schema)];

    public static IReadOnlyList<string> Problems(JsonObject schema, JsonNode? value) =>
        Check(schema, schema, value, "").ToList();

    private static JsonObject Resolve(JsonObject schema, JsonObject root) =>
        schema["$ref"]?.GetValue<string>() is { } reference
            ? root["$defs"]![reference["#/$defs/".Length..]]!.AsObject()
            : schema;

    private static IEnumerable<string> Check(JsonObject root, JsonObject schema, JsonNode? value, string path) =>
        Resolve(schema, root)
            .SelectMany(keyword => Check(root, Resolve(schema, root), keyword.Key, keyword.Value!, value, path));

    private static IEnumerable<string> Check(
        JsonObject root,
        JsonObject schema,
        string keyword,
        JsonNode rule,
        JsonNode? value,
        string path
    ) =>
        keyword switch
        {
            "type" => (rule is JsonArray types ? types.Any(type => Is(type!, value)) : Is(rule, value))
                ? []
                : [$"{path}: not {rule}"],
            "enum" => rule.AsArray().Any(choice => JsonNode.DeepEquals(choice, value))
                ? []
                : [$"{path}: not one of {rule}"],
            "pattern" => Text(value) is not { } text
            || Regex.IsMatch(text, rule.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1))
                ? []
                : [$"{path}: no match"],
            "minLength" => Text(value) is not { } text || text.Length >= rule.GetValue<int>()
                ? []
                : [$"{path}: too short"],
            "minimum" => Number(value) is not { } number || number >= rule.GetValue<int>()
                ? []
                : [$"{path}: too small"],
            "maximum" => Number(value) is not { } number || number <= rule.GetValue<int>() ? [] : [$"{path}: too big"],
            "minItems" => value is not JsonArray list || list.Count >= rule.GetValue<int>() ? [] : [$"{path}: too few"],
            // The schema's items hold for what prefixItems left over.
            "items" => (value as JsonArray ?? []).SelectMany(
                (item, index) => Check(root, rule.AsObject(), item, $"{path}[{index}]")
            ),
            "prefixItems" => (value as JsonArray ?? [])
                .Zip(rule.AsArray())
                .SelectMany(pair => Check(root, pair.Second!.AsObject(), pair.First, path)),
            "properties" => (value as JsonObject ?? [])
                .Where(pair => rule[pair.Key] is not null)
                .SelectMany(pair => Check(root, rule[pair.Key]!.AsObject(), pair.Value, $"{path}.{pair.Key}")),
            "additionalProperties" => (value as JsonObject ?? [])
                .Where(pair => schema["properties"]?[pair.Key] is null)
                .SelectMany(pair =>
                    rule is JsonObject other
                        ? Check(root, other, pair.Value, $"{path}.{pair.Key}")
                        : [$"{path}.{pair.Key}: unknown"]
                ),
            _ when Comments.Contains(keyword) => [],
            _ => throw new NotSupportedException(keyword),
        };

    private static bool Is(JsonNode type, JsonNode? value) =>
        (type.GetValue<string>(), value?.GetValueKind()) switch
        {
            ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) =>
                true,
            ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
            ("integer", JsonValueKind.Number) => Number(value) is { } number && number == Math.Floor(number),
            _ => false,
        };

    private static string? Text(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number
            ? double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)
            : null;
}

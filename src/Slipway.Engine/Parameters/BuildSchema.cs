using System.Text;
using System.Text.Json;
using Nuke.Common.Execution;

namespace Nuke.Common.Parameters;

/// <summary>Writes <c>.nuke/build.schema.json</c>, from which editors and shells complete targets and parameters.</summary>
internal static class BuildSchema
{
    /// <summary>Writes the schema when it changed; a folder that is read-only keeps the old one.</summary>
    public static void Write(IReadOnlyList<ExecutableTarget> targets, IReadOnlyList<ParameterMember> parameters)
    {
        var path = Path.Combine(NukeBuild.RootDirectory!, ".nuke", "build.schema.json");
        var text = Text(targets, parameters);
        if (File.Exists(path) && File.ReadAllText(path).Equals(text, StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            var part = $"{path}.{Environment.ProcessId}";
            File.WriteAllText(part, text);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Serilog.Log.Debug("{Path} was not written: {Reason}", path, exception.Message);
        }
    }

    internal static string Text(IReadOnlyList<ExecutableTarget> targets, IReadOnlyList<ParameterMember> parameters)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-04/schema#");
            json.WriteStartObject("definitions");
            json.WriteStartObject("ExecutableTarget");
            json.WriteString("type", "string");
            json.WriteStartArray("enum");
            foreach (var name in targets.Select(target => target.Name).Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("type", "object");
            json.WriteStartObject("properties");
            foreach (var parameter in parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
            {
                Property(json, parameter);
            }

            Targets(json, "Skip", "Targets that are left out");
            Targets(json, "Target", "Targets that run");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void Property(Utf8JsonWriter json, ParameterMember parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type;
        json.WriteStartObject(parameter.Name);
        json.WriteString(
            "type",
            type.IsArray ? "array"
                : type == typeof(bool) ? "boolean"
                : type == typeof(int) ? "integer"
                : "string"
        );
        json.WriteString("description", parameter.Attribute.Description);
        if (type.IsEnum)
        {
            json.WriteStartArray("enum");
            foreach (var name in Enum.GetNames(type))
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        if (parameter.IsSecret)
        {
            json.WriteString("default", "A secret comes from the environment, never from a file");
        }

        json.WriteEndObject();
    }

    private static void Targets(Utf8JsonWriter json, string name, string description)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "array");
        json.WriteString("description", description);
        json.WriteStartObject("items");
        json.WriteString("$ref", "#/definitions/ExecutableTarget");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

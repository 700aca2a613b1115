using System.Text.Json;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Reporting;

/// <summary>Writes <c>.nuke/build.schema.json</c>, from which editors know what may stand in the parameter files.</summary>
internal static class SchemaFile
{
    /// <summary>Writes the file when its content has changed; a folder that cannot be written is no reason to fail.</summary>
    public static void Write(EngineSession session, NukeBuild build, ParameterCatalog catalog)
    {
        try
        {
            var content = Content(build.ExecutableTargets, catalog);
            var file = session.Root / ".nuke" / "build.schema.json";
            if (file.FileExists() && file.ReadAllBytes().AsSpan().SequenceEqual(content))
            {
                return;
            }

            // Renamed into place, so that a run beside this one never reads half a file.
            var fresh = file + $".{session.Input.ProcessId}.tmp";
            fresh.WriteAllBytes(content);
            File.Move(fresh, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Serilog.Log.Verbose(exception, "build.schema.json was not written");
        }
    }

    /// <summary>What can stand on the command line, one word a line, when <c>:complete</c> asks for it.</summary>
    public static string? Completion(
        EngineSession session,
        IReadOnlyList<ExecutableTarget> targets,
        ParameterCatalog catalog
    ) =>
        session.Input.Arguments is [":complete", ..]
            ? string.Join(
                '\n',
                targets
                    .Where(target => target.Listed)
                    .Select(target => target.Name)
                    .Concat(catalog.Members.Where(member => member.Attribute.List).Select(member => member.Switch))
                    .Order(StringComparer.Ordinal)
            )
            : null;

    internal static byte[] Content(IReadOnlyList<ExecutableTarget> targets, ParameterCatalog catalog)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-04/schema#");
            json.WriteStartObject("definitions");
            foreach (
                var type in catalog
                    .OfBuild.Select(NamedType)
                    .OfType<Type>()
                    .DistinctBy(type => type.Name)
                    .OrderBy(type => type.Name, StringComparer.Ordinal)
            )
            {
                WriteNames(json, type.Name, ValueConverter.NamesOf(type)!);
            }

            WriteNames(json, "Host", Host.Names);
            WriteNames(
                json,
                "ExecutableTarget",
                [.. targets.Select(target => target.Name).Order(StringComparer.Ordinal)]
            );
            WriteNames(json, "Verbosity", Enum.GetNames<Verbosity>());
            WriteOptions(json, catalog);
            json.WriteEndObject();
            json.WriteStartArray("allOf");
            json.WriteStartObject();
            WriteProperties(json, catalog.OfBuild);
            json.WriteEndObject();
            json.WriteStartObject();
            json.WriteString("$ref", "#/definitions/NukeBuild");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static Type? NamedType(ParameterMember parameter)
    {
        var type = ElementOf(parameter);
        return ValueConverter.NamesOf(type) is null ? null : type;
    }

    private static Type ElementOf(ParameterMember parameter)
    {
        var type = parameter.IsArray ? parameter.Type.GetElementType()! : parameter.Type;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static void WriteNames(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "string");
        json.WriteStartArray("enum");
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, ParameterCatalog catalog)
    {
        json.WriteStartObject("NukeBuild");
        WriteProperties(json, catalog.OfEngine);
        json.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter json, IEnumerable<ParameterMember> parameters)
    {
        json.WriteStartObject("properties");
        foreach (var parameter in parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject(parameter.Name);
            WriteType(json, parameter);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, ParameterMember parameter)
    {
        if (parameter.Attribute.Description is { } description)
        {
            json.WriteString("description", description);
        }

        if (parameter.IsSecret)
        {
            json.WriteString("default", $"Set the environment variable {parameter.Variable}");
        }

        if (parameter.IsArray)
        {
            json.WriteString("type", "array");
            json.WriteStartObject("items");
            WriteElement(json, parameter);
            json.WriteEndObject();
        }
        else
        {
            WriteElement(json, parameter);
        }
    }

    private static void WriteElement(Utf8JsonWriter json, ParameterMember parameter)
    {
        var type = ElementOf(parameter);
        var reference = parameter switch
        {
            { IsOption: true, Name: "Target" or "Skip" } => "ExecutableTarget",
            { IsOption: true, Name: "Host" } => "Host",
            _ => NamedType(parameter)?.Name,
        };
        if (reference is not null)
        {
            json.WriteString("$ref", $"#/definitions/{reference}");
            return;
        }

        json.WriteString("type", JsonType(type));
    }

    private static string JsonType(Type type) =>
        Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "boolean",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "number",
            >= TypeCode.SByte and <= TypeCode.UInt64 => "integer",
            _ => "string",
        };
}

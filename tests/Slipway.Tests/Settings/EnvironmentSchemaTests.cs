using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Settings;

namespace Slipway.Tests.Settings;

/// <summary>The schema that editors read and the parser that decides must say the same.</summary>
public sealed class EnvironmentSchemaTests
{
    private static readonly JsonObject Schema = JsonNode
        .Parse(File.ReadAllText(PathOf("environment.schema.json")))!
        .AsObject();
    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private static readonly JsonNode?[] Values =
    [
        "",
        "x",
        "/x",
        "5s",
        "0s",
        "15 min",
        "5",
        "local",
        "process",
        "command",
        "none",
        "confirm",
        "https://x.internal",
        0,
        1,
        5,
        70000,
        -1,
        1.5,
        true,
        null,
        new JsonArray(),
        new JsonArray("x"),
        new JsonArray(1),
        new JsonArray(""),
        new JsonObject(),
        new JsonObject { ["A"] = 1 },
        new JsonObject { ["A"] = new JsonArray() },
        "7304519226517193425",
    ];

    [Theory]
    [InlineData("local")]
    [InlineData("staging")]
    [InlineData("prod")]
    public void Accepts_the_examples(string environment) =>
        Assert.Empty(
            SchemaWalker.Problems(
                Schema,
                JsonNode.Parse(File.ReadAllText(PathOf($"{environment}.json")), null, Lenient)
            )
        );

    [Fact]
    public void Reads_local_as_it_is()
    {
        var settings = SettingsReader.Read(Root(), "local", ProjectFolder.Variables, new Dictionary<string, string>());

        Assert.True(settings.Environment.ProvisionedLocally);
        Assert.True(SettingsReader.IsProvisionedLocally(Root(), "local"));
        Assert.Equal(Path.Combine(Root(), ".nuke/temp/local/app"), settings.Environment.Release.Folder);
    }

    [Theory]
    [InlineData("staging")]
    [InlineData("prod")]
    public void Refuses_the_other_examples_until_they_are_edited(string environment)
    {
        var error = Assert.Throws<SettingsException>(() =>
            SettingsReader.Read(Root(), environment, ProjectFolder.Variables, new Dictionary<string, string>())
        );

        Assert.Equal(
            ["health.url", "release.deploy[0]", "release.rollback[0]", "store.folder"],
            error.Problems.Select(problem => problem.Name).Order()
        );
        Assert.All(
            error.Problems,
            problem => Assert.Contains("placeholder", problem.Problem, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Knows_the_same_properties_as_the_parser()
    {
        using var project = new ProjectFolder();
        var parsed = project
            .Read()
            .Origins.Where(origin => origin.Kind == SettingKind.Setting)
            .Select(origin => origin.Name);

        var written = SchemaWalker.Leaves(Schema).Select(leaf => leaf.Path).Except(["$schema", "variables"]);

        Assert.Equal(written.Order(StringComparer.Ordinal), parsed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Agrees_with_the_parser_on_good_and_bad_values_of_every_property()
    {
        foreach (var (path, leaf) in SchemaWalker.Leaves(Schema).Where(leaf => leaf.Path is not "$schema"))
        {
            foreach (var value in Values.Concat(leaf["examples"]?.AsArray() ?? []))
            {
                var whole = With(path, value?.DeepClone());
                var inSchema = SchemaWalker.Problems(Schema, whole).Count == 0;
                var inParser = Complaints(whole).All(problem => !problem.StartsWith(path, StringComparison.Ordinal));

                Assert.True(
                    inSchema == inParser,
                    $"{path} = {value?.ToJsonString() ?? "null"}: schema {inSchema}, parser {inParser}"
                );
            }
        }
    }

    [Theory]
    [InlineData("storee")]
    [InlineData("store.folderr")]
    [InlineData("release.slot")]
    public void Refuses_an_unknown_property_as_the_parser_does(string path)
    {
        var whole = With(path, "x");

        Assert.NotEmpty(SchemaWalker.Problems(Schema, whole));
        Assert.Contains(path, Complaints(whole));
    }

    private static JsonObject With(string path, JsonNode? value)
    {
        var whole = JsonNode.Parse(ProjectFolder.Minimal)!.AsObject();
        var parts = path.Split('.');
        var parent = whole;
        foreach (var part in parts[..^1])
        {
            if (parent[part] is null)
            {
                parent[part] = new JsonObject();
            }

            parent = parent[part]!.AsObject();
        }

        parent = Framed(whole, parts) ?? parent;
        parent[parts[^1]] = value;
        if (parts is ["release", "strategy"] && value?.ToJsonString() is "\"process\"")
        {
            whole["release"] = new JsonObject { ["strategy"] = "process", ["start"] = new JsonArray("x") };
        }

        return whole;
    }

    // What is refused for a reason that a schema of single values does not know gets what it needs beside it.
    private static JsonObject? Framed(JsonObject whole, string[] parts)
    {
        JsonObject? frame = parts switch
        {
            ["release", "build" or "start" or "folder" or "port" or "drainTimeout"] => new()
            {
                ["strategy"] = "process",
                ["start"] = new JsonArray("x"),
            },
            ["store", not "folder"] => new() { ["bucket"] = "x", ["region"] = "x" },
            ["migrations", "status" or "deploy" or "rollback" or "timeout"] => new()
            {
                ["folder"] = "x",
                ["format"] = "command",
                ["deploy"] = new JsonArray("x"),
            },
            _ => null,
        };
        if (frame is not null)
        {
            whole[parts[0]] = frame;
        }

        return frame;
    }

    private static List<string> Complaints(JsonObject whole)
    {
        using var project = new ProjectFolder(whole.ToJsonString());
        try
        {
            project.Read();
            return [];
        }
        catch (SettingsException exception)
        {
            return exception.Problems.Select(problem => problem.Name).ToList();
        }
    }

    private static string PathOf(string file) => Path.Combine(Root(), ".nuke", "environments", file);

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}

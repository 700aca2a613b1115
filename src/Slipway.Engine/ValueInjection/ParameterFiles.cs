using System.Text.Json;
using Nuke.Common.IO;

namespace Nuke.Common.ValueInjection;

/// <summary>Reads <c>.nuke/parameters.&lt;profile&gt;.json</c> and <c>.nuke/parameters.json</c>.</summary>
internal sealed class ParameterFiles(ParameterCatalog catalog, AbsolutePath root)
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private readonly List<GivenValue> _given = [];
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Reads the files; a value in an earlier one is not overridden by a later one.</summary>
    public void Read(IEnumerable<string> profiles)
    {
        foreach (var profile in profiles.Reverse())
        {
            ReadFile(root / ".nuke" / $"parameters.{profile}.json", isRequired: true);
        }

        ReadFile(root / ".nuke" / "parameters.json", isRequired: false);
    }

    public GivenValue? Find(ParameterMember parameter) => _given.Find(given => given.Parameter == parameter);

    private void ReadFile(AbsolutePath file, bool isRequired)
    {
        var name = $".nuke/{file.Name}";
        if (!file.FileExists())
        {
            if (isRequired)
            {
                _problems.Add($"Profile file {name} does not exist");
            }

            return;
        }

        try
        {
            using var document = JsonDocument.Parse(file.ReadAllBytes(), Lenient);
            foreach (var property in document.RootElement.EnumerateObject().Where(p => !p.Name.StartsWith('$')))
            {
                ReadProperty(property, name);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            _problems.Add($"{name} is not a JSON object: {exception.Message}");
        }
    }

    private void ReadProperty(JsonProperty property, string file)
    {
        var parameter = catalog.Members.FirstOrDefault(member => property.NameEquals(member.Name));
        if (parameter is null)
        {
            var nearest = Spelling.Nearest(property.Name, catalog.Members.Select(member => member.Name));
            _problems.Add(
                $"Unknown parameter '{property.Name}' in {file}"
                    + (nearest is null ? "" : $". Did you mean '{nearest}'?")
            );
        }
        else if (parameter.IsSecret)
        {
            _problems.Add(
                $"Secret '{property.Name}' stands in {file}; secrets do not belong in files that are committed. Set the environment variable {parameter.Variable} instead"
            );
        }
        else if (Words(property.Value) is not { } words)
        {
            _problems.Add(
                $"Parameter '{property.Name}' in {file} must be a text, a number, a boolean or a list of those"
            );
        }
        else if (words.Count > 0 || property.Value.ValueKind == JsonValueKind.Array)
        {
            _given.Add(new(parameter, words, file));
        }
    }

    private static IReadOnlyList<string>? Words(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => [value.GetRawText()],
            JsonValueKind.Array => value
                .EnumerateArray()
                .All(item => item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                ? [.. value.EnumerateArray().SelectMany(item => Words(item)!)]
                : null,
            _ => null,
        };
}

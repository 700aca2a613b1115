using System.Text.Json;

namespace Nuke.Common.Parameters;

/// <summary>Gives a build's parameters their values: command line, then environment, then parameters files.</summary>
internal sealed class ParameterReader(
    NukeBuild build,
    IReadOnlyList<ParameterMember> parameters,
    IReadOnlyDictionary<string, string> environment
)
{
    private const string Main = "parameters.json";
    private static readonly string[] EngineOptions =
    [
        "root",
        "skip",
        "target",
        "profile",
        "continue",
        "verbosity",
        "host",
        "no-logo",
    ];

    /// <summary>Everything that is wrong, in the order it was found.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Sets every parameter that has a value somewhere.</summary>
    public void Apply(CommandLine line, string root, IReadOnlyList<string> profiles)
    {
        foreach (var option in line.Options.Where(option => !Known(option.Name)))
        {
            var names = parameters.Select(parameter => parameter.Option).Concat(EngineOptions);
            Problems.Add(
                $"There is no parameter --{option.Name}.{Nearest.Hint(option.Name, names.Select(name => $"--{name}"))}"
            );
        }

        var files = Files(root, profiles);
        foreach (var parameter in parameters)
        {
            var option = line.Options.LastOrDefault(option => parameter.Matches(option.Name));
            if (option is not null)
            {
                Set(parameter, option.Values, $"--{parameter.Option}");
            }
            else if (Variable(parameter) is { } variable)
            {
                Set(parameter, [environment[variable]], $"Environment variable {variable}");
            }
            else if (files.TryGetValue(parameter.Name, out var words))
            {
                Set(parameter, words, $"Parameters file: {parameter.Name}");
            }
        }
    }

    private bool Known(string name) =>
        parameters.Any(parameter => parameter.Matches(name))
        || EngineOptions.Contains(name, StringComparer.OrdinalIgnoreCase);

    private string? Variable(ParameterMember parameter)
    {
        var prefixed = $"NUKE_{parameter.Variable}";
        string[] names = parameter.IsEngine ? [prefixed] : [prefixed, parameter.Name, parameter.Variable];
        return Array.Find(names, name => environment.TryGetValue(name, out var value) && value.Length > 0);
    }

    private void Set(ParameterMember parameter, IReadOnlyList<string> words, string source)
    {
        var value = ValueConverter.Convert(parameter, words, out var problem);
        if (problem is null)
        {
            parameter.Set(build, value);
        }
        else
        {
            Problems.Add($"{source} {(parameter.IsSecret ? "has a value of the wrong form" : problem)}");
        }
    }

    private Dictionary<string, IReadOnlyList<string>> Files(string root, IReadOnlyList<string> profiles)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var name in profiles.Select(profile => $"parameters.{profile}.json").Prepend(Main))
        {
            var path = Path.Combine(root, ".nuke", name);
            if (!File.Exists(path))
            {
                if (name is not Main)
                {
                    Problems.Add($"There is no file {path} for the profile.");
                }

                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(
                    File.ReadAllBytes(path),
                    new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
                );
                Read(document.RootElement, path, values);
            }
            catch (JsonException exception)
            {
                Problems.Add($"{path} is no JSON: {exception.Message}");
            }
        }

        return values;
    }

    private void Read(JsonElement root, string path, Dictionary<string, IReadOnlyList<string>> values)
    {
        foreach (var property in root.EnumerateObject().Where(property => property.Name[0] is not '$'))
        {
            if (!parameters.Any(parameter => parameter.Name.Equals(property.Name, StringComparison.Ordinal)))
            {
                var hint = Nearest.Hint(property.Name, parameters.Select(parameter => parameter.Name));
                Problems.Add($"{path}: there is no parameter {property.Name}.{hint}");
                continue;
            }

            values[property.Name] =
                property.Value.ValueKind is JsonValueKind.Array
                    ? [.. property.Value.EnumerateArray().Select(item => item.ToString())]
                    : [property.Value.ToString()];
        }
    }
}

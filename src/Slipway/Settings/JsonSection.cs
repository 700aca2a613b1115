using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Settings;

/// <summary>An object of the environment file: hands out typed values, and remembers which names it was asked for.</summary>
internal sealed partial class JsonSection(
    string path,
    JsonElement? element,
    string file,
    ProblemList problems,
    List<SettingOrigin> origins
)
{
    private static readonly string[] Marks = ["{release}", "{folder}", "{previous}", "{environment}"];
    private readonly List<string> _names = [];
    private readonly List<JsonSection> _sections = [];

    /// <summary>True when the file has this object.</summary>
    public bool Exists => element is not null;

    /// <summary>An object inside this one, empty when the file has none.</summary>
    public JsonSection Section(string name)
    {
        var inner = new JsonSection(
            PathOf(name),
            Find(name, "an object", JsonValueKind.Object),
            file,
            problems,
            origins
        );
        _sections.Add(inner);
        return inner;
    }

    /// <summary>True when the file sets a property.</summary>
    public bool Has(string name) => element?.TryGetProperty(name, out _) is true;

    /// <summary>A text, or null when it is not set.</summary>
    public string? Text(string name, string? fallback = null)
    {
        var text = Find(name, "a text", JsonValueKind.String)?.GetString();
        if (text is { Length: 0 })
        {
            Bad(name, "\"\"", "is empty", "give it a value or remove it");
        }

        RefusePlaceholder(name, text);
        Record(name, text ?? fallback ?? "");
        return text ?? fallback;
    }

    /// <summary>A text that may be empty.</summary>
    public string Raw(string name, string fallback)
    {
        var text = Find(name, "a text", JsonValueKind.String)?.GetString() ?? fallback;
        Record(name, text);
        return text;
    }

    /// <summary>One of some words.</summary>
    public string? Choice(string name, string? fallback, params string[] choices)
    {
        var text = Text(name, fallback);
        if (text is not null && !choices.Contains(text, StringComparer.Ordinal))
        {
            Bad(name, text, "is not known", NearestName.Remedy(text, choices));
        }

        return text;
    }

    /// <summary>A duration with its unit.</summary>
    public TimeSpan Span(string name, TimeSpan fallback)
    {
        const string Remedy = "write a whole number and its unit, such as 250ms, 5s, 15min or 2h";
        var text = Find(name, "a duration with its unit", JsonValueKind.String)?.GetString();
        var span = text is null ? fallback : Duration.Parse(text);
        if (span is null || span <= TimeSpan.Zero)
        {
            Bad(name, text, "is no duration", Remedy);
        }

        Record(name, text ?? Duration.Text(fallback));
        return span ?? fallback;
    }

    /// <summary>A whole number within bounds.</summary>
    public int Integer(string name, int fallback, int least, int most)
    {
        var number = fallback;
        if (
            Find(name, "a number", JsonValueKind.Number) is { } found
            && (!found.TryGetInt32(out number) || number < least || number > most)
        )
        {
            Bad(name, found.GetRawText(), "is out of range", $"write a whole number from {least} to {most}");
        }

        Record(name, number.ToString(CultureInfo.InvariantCulture));
        return number;
    }

    /// <summary>A list of texts, empty when it is not set.</summary>
    public IReadOnlyList<string> Texts(string name, params string[] fallback)
    {
        var texts = new List<string>();
        foreach (var item in Find(name, "a list of texts", JsonValueKind.Array)?.EnumerateArray() ?? default)
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                Bad($"{name}[{texts.Count}]", Shown(item), "is no text", "put it in quotes");
            }

            texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString() ?? "" : "");
            RefusePlaceholder($"{name}[{texts.Count - 1}]", texts[^1]);
        }

        IReadOnlyList<string> result = Has(name) ? texts : fallback;
        Record(name, string.Join(' ', result));
        return result;
    }

    /// <summary>A list of texts, none of them empty.</summary>
    public IReadOnlyList<string> Words(string name, params string[] fallback)
    {
        var words = Texts(name, fallback);
        if (words.Contains("", StringComparer.Ordinal))
        {
            Bad(name, "\"\"", "holds an empty text", "remove it");
        }

        return words;
    }

    /// <summary>A program and its arguments; the marks in braces must be known ones.</summary>
    public IReadOnlyList<string> Command(string name)
    {
        var words = Texts(name);
        if (Has(name) && (words.Count == 0 || words[0].Length == 0))
        {
            Bad(name, null, "names no program", "write a program and its arguments: [\"program\", \"argument\"]");
        }

        foreach (
            var mark in words
                .SelectMany(word => Mark().Matches(word))
                .Select(match => match.Value)
                .Except(Marks, StringComparer.Ordinal)
        )
        {
            Bad(name, mark, "is not known", NearestName.Remedy(mark, Marks));
        }

        return words;
    }

    /// <summary>All properties of an object whose names are free.</summary>
    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in Find(name, "an object", JsonValueKind.Object)?.EnumerateObject() ?? default)
        {
            if (
                property.Value.ValueKind
                is JsonValueKind.String
                    or JsonValueKind.Number
                    or JsonValueKind.True
                    or JsonValueKind.False
            )
            {
                map[property.Name] =
                    property.Value.ToString() is var text
                    && property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
                        ? text.ToLowerInvariant()
                        : text;
            }
            else
            {
                Bad($"{name}.{property.Name}", null, "is no text, number, true or false", "put it in quotes");
            }
        }

        return map;
    }

    /// <summary>Accepts a property that only editors read.</summary>
    public void Ignore(string name) => _names.Add(name);

    /// <summary>Reports the properties that nobody asked for.</summary>
    public void Close()
    {
        foreach (var property in element?.EnumerateObject() ?? default)
        {
            if (!_names.Contains(property.Name, StringComparer.Ordinal))
            {
                Bad(property.Name, null, "is not known", NearestName.Remedy(property.Name, _names));
            }
        }

        _sections.ForEach(section => section.Close());
    }

    /// <summary>Adds a problem with one of this object's properties.</summary>
    public void Bad(string name, string? value, string problem, string remedy) =>
        problems.Add(PathOf(name), value, problem, $"{remedy} (in {file})");

    [GeneratedRegex(@"\{[A-Za-z]+\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Mark();

    private static string Shown(JsonElement element) =>
        element.GetRawText() is { Length: > 40 } text ? $"{text[..40]}…" : element.GetRawText();

    private JsonElement? Find(string name, string what, JsonValueKind kind)
    {
        _names.Add(name);
        if (element?.TryGetProperty(name, out var found) is not true)
        {
            return null;
        }

        if (found.ValueKind == kind)
        {
            return found;
        }

        Bad(name, Shown(found), $"is not {what}", $"write {what} there");
        return null;
    }

    private void RefusePlaceholder(string name, string? text)
    {
        if (text is not null && Placeholders.Find(text) is { } placeholder)
        {
            Bad(name, text, $"still holds the placeholder {placeholder}", "put your own value there");
        }
    }

    private void Record(string name, string value) =>
        origins.Add(
            new(
                SettingKind.Setting,
                PathOf(name),
                value.Length == 0 ? "-" : value,
                Has(name) ? Path.GetFileName(file) : "default"
            )
        );

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";
}

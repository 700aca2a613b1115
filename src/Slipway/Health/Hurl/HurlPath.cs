using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Health.Hurl;

/// <summary>A place in a JSON document, in a subset of JSONPath.</summary>
/// <param name="Steps">Property names, places in a list, or null for every item.</param>
internal sealed partial record HurlPath(IReadOnlyList<HurlStep> Steps)
{
    public const string Supported = "supported paths: $, .name, ['name'], [0], [-1], [*] and .*, such as $.items[0].id";

    /// <summary>Reads a path; null when it is not supported.</summary>
    public static HurlPath? TryParse(string text)
    {
        if (text is not ['$', ..])
        {
            return null;
        }

        var steps = new List<HurlStep>();
        for (var at = 1; at < text.Length; )
        {
            var match = StepPattern().Match(text, at);
            if (!match.Success || Step(match) is not { } step)
            {
                return null;
            }

            steps.Add(step);
            at += match.Length;
        }

        return new(steps);
    }

    /// <summary>The value at the path; nothing when there is none, a list when the path can name several.</summary>
    public HurlData Find(JsonElement root)
    {
        var found = Steps.Aggregate<HurlStep, IEnumerable<JsonElement>>(
            [root],
            (values, step) => values.SelectMany(step.Find)
        );
        var values = found.ToList();
        return Steps.Any(step => step.Every) ? HurlData.Of(JsonSerializer.SerializeToElement(values))
            : values.Count == 0 ? HurlData.Nothing
            : HurlData.Of(values[0]);
    }

    private static HurlStep? Step(Match match)
    {
        if (match.Groups["every"].Success)
        {
            return new(null, null);
        }

        if (!match.Groups["index"].Success)
        {
            return new(match.Groups["name"].Value.Replace("\\'", "'", StringComparison.Ordinal), null);
        }

        var number = match.Groups["index"].Value;
        return int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
            ? new(null, index)
            : null;
    }

    [GeneratedRegex(
        @"\G(?:\.(?<every>\*)|\.(?<name>[\p{L}_$][\p{L}\p{Nd}_$-]*)|\[(?<every>\*)\]|\[(?<index>-?\d+)\]|\['(?<name>(?:[^'\\]|\\')*)'\])",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex StepPattern();
}

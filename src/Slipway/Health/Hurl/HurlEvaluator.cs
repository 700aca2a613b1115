using System.Globalization;
using System.Text.Json;

namespace Slipway.Health.Hurl;

/// <summary>Finds the value that a query names in a response.</summary>
internal static class HurlEvaluator
{
    public static HurlData Evaluate(HurlQuery query, HurlReceived received) =>
        query.Filters.Aggregate(Find(query, received), (data, filter) => data.Exists ? Apply(filter, data) : data);

    private static HurlData Find(HurlQuery query, HurlReceived received) =>
        query.Kind switch
        {
            HurlQueryKind.Status => HurlData.Of(received.Status),
            HurlQueryKind.Header => Header(received.Header(query.Argument ?? "")),
            HurlQueryKind.Cookie => received.Cookies.TryGetValue(query.Argument ?? "", out var cookie)
                ? HurlData.Of(cookie)
                : HurlData.Nothing,
            HurlQueryKind.Body => HurlData.Of(received.Body),
            HurlQueryKind.Bytes => HurlData.Bytes(received.ByteCount),
            HurlQueryKind.Jsonpath => received.Json is not { } json ? HurlData.Wrong("a body that is not JSON")
            : HurlPath.TryParse(query.Argument ?? "") is { } path ? path.Find(json)
            : HurlData.Nothing,
            HurlQueryKind.Regex => Match(received.Body, query.Argument ?? ""),
            _ => HurlData.Of((long)received.Duration.TotalMilliseconds),
        };

    private static HurlData Header(IReadOnlyList<string> values) =>
        values.Count switch
        {
            0 => HurlData.Nothing,
            1 => HurlData.Of(values[0]),
            _ => HurlData.Of(JsonSerializer.SerializeToElement(values)),
        };

    private static HurlData Apply(HurlFilter filter, HurlData data) =>
        (filter.Kind, data.Text, data.Value.ValueKind) switch
        {
            (HurlFilterKind.Count, _, _) when data.ByteCount is { } bytes => HurlData.Of(bytes),
            (HurlFilterKind.Count, { } text, _) => HurlData.Of(text.Length),
            (HurlFilterKind.Count, _, JsonValueKind.Array) => HurlData.Of(data.Value.GetArrayLength()),
            (HurlFilterKind.Count, _, JsonValueKind.Object) => HurlData.Of(data.Value.EnumerateObject().Count()),
            (HurlFilterKind.First, _, JsonValueKind.Array) => Item(data.Value, 0),
            (HurlFilterKind.Last, _, JsonValueKind.Array) => Item(data.Value, -1),
            (HurlFilterKind.Nth, _, JsonValueKind.Array) => Item(
                data.Value,
                int.Parse(filter.Argument ?? "0", CultureInfo.InvariantCulture)
            ),
            (HurlFilterKind.Regex, { } text, _) => Match(text, filter.Argument ?? ""),
            (HurlFilterKind.Split, { } text, _) => HurlData.Of(
                JsonSerializer.SerializeToElement(text.Split(filter.Argument, StringSplitOptions.None))
            ),
            (HurlFilterKind.ToInt, { } text, _)
                when long.TryParse(
                    text.Trim(),
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var n
                ) => HurlData.Of(n),
            (HurlFilterKind.ToInt, _, JsonValueKind.Number)
                when data.Value.GetDouble() is var number && Math.Abs(number) < long.MaxValue => HurlData.Of(
                (long)number
            ),
            (HurlFilterKind.ToString, _, not JsonValueKind.Undefined) => HurlData.Of(data.Plain()),
            _ => HurlData.Wrong($"{data}, which {filter} cannot be made of"),
        };

    private static HurlData Item(JsonElement list, int place) =>
        new HurlStep(null, place).Find(list).Select(HurlData.Of).FirstOrDefault() ?? HurlData.Nothing;

    private static HurlData Match(string text, string pattern)
    {
        var match = HurlPatterns.Create(pattern).Match(text);
        return match.Success ? HurlData.Of(match.Groups[match.Groups.Count > 1 ? 1 : 0].Value) : HurlData.Nothing;
    }
}

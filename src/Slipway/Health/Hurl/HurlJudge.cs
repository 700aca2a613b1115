using System.Text.Json;

namespace Slipway.Health.Hurl;

/// <summary>Decides whether a value is what a predicate asks for.</summary>
internal static class HurlJudge
{
    /// <summary>True when it holds. What is not there, or is of a type that cannot be compared, never does.</summary>
    public static bool Holds(HurlPredicate predicate, HurlData actual, HurlData? expected)
    {
        if (predicate.Kind is HurlPredicateKind.Exists)
        {
            return actual.Problem is null && actual.Exists != predicate.Not;
        }

        return actual.Exists && Compare(predicate.Kind, actual, expected) is { } holds && holds != predicate.Not;
    }

    private static bool? Compare(HurlPredicateKind kind, HurlData actual, HurlData? expected) =>
        kind switch
        {
            HurlPredicateKind.Equal => Same(actual, expected),
            HurlPredicateKind.NotEqual => !Same(actual, expected),
            HurlPredicateKind.Greater => Order(actual, expected) is { } order ? order > 0 : null,
            HurlPredicateKind.GreaterOrEqual => Order(actual, expected) is { } order ? order >= 0 : null,
            HurlPredicateKind.Less => Order(actual, expected) is { } order ? order < 0 : null,
            HurlPredicateKind.LessOrEqual => Order(actual, expected) is { } order ? order <= 0 : null,
            HurlPredicateKind.Contains => Contains(actual, expected),
            HurlPredicateKind.StartsWith => Both(actual, expected) is var (text, start)
                ? text.StartsWith(start, StringComparison.Ordinal)
                : null,
            HurlPredicateKind.EndsWith => Both(actual, expected) is var (text, end)
                ? text.EndsWith(end, StringComparison.Ordinal)
                : null,
            HurlPredicateKind.Matches => Both(actual, expected) is var (text, pattern)
                ? HurlPatterns.Create(pattern).IsMatch(text)
                : null,
            HurlPredicateKind.IsString => actual.Text is not null,
            HurlPredicateKind.IsInteger => actual.Value.ValueKind is JsonValueKind.Number
                && actual.Value.TryGetInt64(out _),
            HurlPredicateKind.IsNumber => actual.Value.ValueKind is JsonValueKind.Number,
            HurlPredicateKind.IsBoolean => actual.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            HurlPredicateKind.IsCollection => actual.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object,
            _ => IsEmpty(actual),
        };

    private static bool Same(HurlData actual, HurlData? expected) =>
        actual.ByteCount is null && expected is not null && JsonElement.DeepEquals(actual.Value, expected.Value);

    private static bool? Contains(HurlData actual, HurlData? expected) =>
        actual.Value.ValueKind is JsonValueKind.Array && expected is not null
            ? actual.Value.EnumerateArray().Any(item => JsonElement.DeepEquals(item, expected.Value))
        : Both(actual, expected) is var (text, part) ? text.Contains(part, StringComparison.Ordinal)
        : null;

    private static bool? IsEmpty(HurlData actual) =>
        actual.ByteCount is { } bytes ? bytes == 0
        : actual.Text is { } text ? text.Length == 0
        : actual.Value.ValueKind switch
        {
            JsonValueKind.Array => actual.Value.GetArrayLength() == 0,
            JsonValueKind.Object => !actual.Value.EnumerateObject().Any(),
            _ => null,
        };

    private static int? Order(HurlData actual, HurlData? expected) =>
        Both(actual, expected) is var (left, right) ? string.CompareOrdinal(left, right)
        : expected is null || !IsNumber(actual) || !IsNumber(expected) ? null
        : actual.Value.TryGetDecimal(out var exact) && expected.Value.TryGetDecimal(out var other)
            ? exact.CompareTo(other)
        : actual.Value.GetDouble().CompareTo(expected.Value.GetDouble());

    private static bool IsNumber(HurlData data) => data.Value.ValueKind is JsonValueKind.Number;

    private static (string, string)? Both(HurlData actual, HurlData? expected) =>
        actual.Text is { } left && expected?.Text is { } right ? (left, right) : null;
}

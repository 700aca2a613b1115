using System.Text;

namespace Slipway.Health.Hurl;

/// <summary>The words of the format that are supported.</summary>
internal static class HurlWords
{
    public static IReadOnlyDictionary<string, HurlQueryKind> Queries { get; } = Names<HurlQueryKind>();

    public static IReadOnlyDictionary<string, HurlFilterKind> Filters { get; } = Names<HurlFilterKind>();

    public static IReadOnlyDictionary<string, HurlPredicateKind> Predicates { get; } =
        Enum.GetValues<HurlPredicateKind>().ToDictionary(Of, StringComparer.Ordinal);

    public static string Of(HurlPredicateKind kind) =>
        kind switch
        {
            HurlPredicateKind.Equal => "==",
            HurlPredicateKind.NotEqual => "!=",
            HurlPredicateKind.Greater => ">",
            HurlPredicateKind.GreaterOrEqual => ">=",
            HurlPredicateKind.Less => "<",
            HurlPredicateKind.LessOrEqual => "<=",
            _ => Name(kind),
        };

    public static string Of(HurlQueryKind kind) => Name(kind);

    public static string Of(HurlFilterKind kind) => Name(kind);

    /// <summary>A text between quotes, as it would be written in a file.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(c) => quoted.Append($"\\u{{{(int)c:x}}}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static Dictionary<string, T> Names<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(Name, StringComparer.Ordinal);

    private static string Name<T>(T kind)
        where T : struct, Enum
    {
        var name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}

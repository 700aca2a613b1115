namespace Nuke.Common.Execution;

/// <summary>Turns the source text of a condition into one readable line.</summary>
internal static class ConditionText
{
    public static string Of(string? expression)
    {
        var text = string.Join(' ', (expression ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.StartsWith("() =>", StringComparison.Ordinal) ? text[5..].TrimStart() : text;
    }
}

namespace Slipway.Releases;

/// <summary>Puts values in the <c>{name}</c> places of a command's words.</summary>
internal static class Placeholders
{
    /// <summary>Fills the words of a command; each stays one word whatever the value holds.</summary>
    public static IReadOnlyList<string> Fill(IEnumerable<string> words, params (string Name, string Value)[] values) =>
        [
            .. words.Select(word =>
                values.Aggregate(
                    word,
                    (text, value) => text.Replace($"{{{value.Name}}}", value.Value, StringComparison.Ordinal)
                )
            ),
        ];
}

namespace Slipway.Backups.Age;

/// <summary>Tells whether a text was meant as a key of age, well copied or not.</summary>
internal static class AgeLikeness
{
    // All keys end with 58 such characters; a random text of letters and digits practically never does with so many.
    private const int ShortestEnd = 52;

    /// <summary>True when nobody would choose the text as a passphrase, unless by a mistake in copying a key.</summary>
    public static bool IsMeant(string word) => IsPublic(word) || IsSecret(word) || EndsAsKey(word);

    /// <summary>True when it was meant as a secret key.</summary>
    public static bool IsSecret(string word) =>
        word.Contains("SECRET-KEY", StringComparison.OrdinalIgnoreCase)
        || word.StartsWith("age-s", StringComparison.OrdinalIgnoreCase)
        || word.StartsWith("age-plugin-", StringComparison.OrdinalIgnoreCase)
        || (!IsPublic(word) && EndsAsKey(word) && word.Any(char.IsAsciiLetterUpper));

    private static bool IsPublic(string word) => word.StartsWith("age1", StringComparison.OrdinalIgnoreCase);

    private static bool EndsAsKey(string word)
    {
        if (word.Length < ShortestEnd)
        {
            return false;
        }

        var end = word[^ShortestEnd..];
        return (
                end.All(Bech32.IsLetter)
                || end.All(c => Bech32.IsLetter(char.ToLowerInvariant(c)) && !char.IsAsciiLetterLower(c))
            ) && !word.All(char.IsAsciiHexDigit);
    }
}

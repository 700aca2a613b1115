using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>Tells whether a text was meant as a key of age, well copied or not.</summary>
internal static class AgeLikeness
{
    private const string Public = "age1";
    private const string Secret = "AGE-SECRET-KEY-1";
    private const int ShortestCopy = 40;

    /// <summary>True when nobody would choose the text as a passphrase, unless by a mistake in copying a key.</summary>
    public static bool IsMeant(string word) =>
        word.StartsWith(Public, StringComparison.OrdinalIgnoreCase)
        || IsSecret(word)
        || (word.Length >= ShortestCopy && IsAlmost(word));

    /// <summary>True when it was meant as a secret key.</summary>
    public static bool IsSecret(string word) =>
        word.Contains("SECRET-KEY", StringComparison.OrdinalIgnoreCase)
        || word.StartsWith("age-s", StringComparison.OrdinalIgnoreCase)
        || word.StartsWith("age-plugin-", StringComparison.OrdinalIgnoreCase)
        || (word.Length >= ShortestCopy && Almost(word, Secret));

    // A key that lost or changed letters of its beginning; or its end alone, of which every letter is one that keys have.
    private static bool IsAlmost(string word) =>
        Almost(word, Secret)
        || (
            IsOneCase(word)
            && (
                Almost(word, Public)
                || word.All(c => "023456789acdefghjklmnpqrstuvwxyz".Contains(char.ToLowerInvariant(c)))
            )
            && !IsHex(word)
        );

    private static bool Almost(string word, string prefix) =>
        NearestName.Distance(word[..prefix.Length], prefix) <= prefix.Length / 4
        || NearestName.Distance(word[..(prefix.Length - 1)], prefix) <= prefix.Length / 4;

    private static bool IsOneCase(string word) =>
        word.All(char.IsAsciiLetterOrDigit)
        && (!word.Any(char.IsAsciiLetterLower) || !word.Any(char.IsAsciiLetterUpper));

    private static bool IsHex(string word) => word.All(char.IsAsciiHexDigit);
}

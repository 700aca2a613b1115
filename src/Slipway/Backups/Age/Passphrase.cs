using System.Text;
using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>Refuses passphrases that would be guessed.</summary>
internal static class Passphrase
{
    private const int Shortest = 16;
    private const int FewestDifferent = 8;
    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

    private static readonly string[] PlaceholderStarts =
    [
        "your-",
        "your_",
        "your ",
        "password",
        "passphrase",
        "<",
        "${",
    ];

    private static readonly string[] PlaceholderParts =
    [
        "changeme",
        "change-me",
        "change_me",
        "change me",
        "replaceme",
        "replace-me",
        "replace_me",
        "placeholder",
        "encryption-key",
        "encryption_key",
        "insert-",
    ];

    /// <summary>Why a passphrase is refused; null when it is good enough.</summary>
    public static BackupKeyRefusal? Refuse(string text) =>
        IsPlaceholder(text) ? BackupKeyRefusal.Replace("still is the placeholder of an example")
        : text.StartsWith("ssh-", StringComparison.OrdinalIgnoreCase)
            ? BackupKeyRefusal.Replace("is a key of ssh, which is not supported")
        : text.Any(char.IsControl) || !IsText(text)
            ? BackupKeyRefusal.Replace("holds a line break or another character that nobody can type")
        : text.Length < Shortest
            ? BackupKeyRefusal.Replace($"has {text.Length} characters, a passphrase needs {Shortest} or more")
        : text.Distinct().Count() < FewestDifferent || IsRepetition(text) || IsSequence(text)
            ? BackupKeyRefusal.Replace("has too little variety: it would be guessed")
        : null;

    private static bool IsPlaceholder(string text) =>
        Placeholders.Find(text) is not null
        || Array.Exists(PlaceholderStarts, start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
        || Array.Exists(PlaceholderParts, part => text.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static bool IsText(string text)
    {
        try
        {
            return Strict.GetByteCount(text) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    // A short piece, again and again.
    private static bool IsRepetition(string text) =>
        Enumerable
            .Range(1, Math.Min(Shortest - 1, text.Length / 2))
            .Any(period => text.AsSpan(period).SequenceEqual(text.AsSpan(0, text.Length - period)));

    // abcdef…, 9876…: most characters follow from the one before.
    private static bool IsSequence(string text) =>
        text.Zip(text.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) <= 1) > text.Length / 2;
}

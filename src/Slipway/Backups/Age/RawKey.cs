using System.Security.Cryptography;

namespace Slipway.Backups.Age;

/// <summary>32 random bytes, as <c>openssl rand</c> prints them, as a key.</summary>
internal static class RawKey
{
    private const int Size = 32;
    private const int HexDigits = 2 * Size;
    private const int Base64Length = 44;

    // 32 random bytes have about 30 different values, and fewer than 20 practically never.
    private const int FewestDifferent = 16;

    /// <summary>The bytes; null when the text is of another form, or refused.</summary>
    public static byte[]? Decode(string text, out BackupKeyRefusal? refusal)
    {
        refusal = null;
        byte[] bytes;
        if (text.All(char.IsAsciiHexDigit) && text.Length is > HexDigits - 4 and < HexDigits + 4)
        {
            if (text.Length != HexDigits)
            {
                refusal = BackupKeyRefusal.Copy($"has {text.Length} hex digits, and a key has {HexDigits}");
                return null;
            }

            bytes = Convert.FromHexString(text);
        }
        else if (text.Length == Base64Length && text.EndsWith('=') && IsBase64(text[..^1]))
        {
            bytes = new byte[Size + 1];
            if (!Convert.TryFromBase64String(text, bytes, out var length) || length != Size)
            {
                return null;
            }

            bytes = bytes[..Size];
            if (!string.Equals(Convert.ToBase64String(bytes), text, StringComparison.Ordinal))
            {
                refusal = BackupKeyRefusal.Copy("is almost base64 of 32 bytes: a character of it is mistyped");
                return null;
            }
        }
        else
        {
            return null;
        }

        if (bytes.Distinct().Count() < FewestDifferent)
        {
            refusal = BackupKeyRefusal.Replace("repeats itself, so it is not random");
            return null;
        }

        return bytes;
    }

    /// <summary>Derives a key; the same bytes always give the same.</summary>
    public static X25519Identity Derive(byte[] bytes) =>
        new(
            HKDF.DeriveKey(
                HashAlgorithmName.SHA256,
                bytes,
                Curve25519.Size,
                info: [.. "slipway/backup-key/x25519/v1"u8]
            )
        );

    private static bool IsBase64(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/');
}

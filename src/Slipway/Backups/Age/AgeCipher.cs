using System.Security.Cryptography;
using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>The one cipher of the format, from the platform's cryptography.</summary>
internal static class AgeCipher
{
    public const int KeySize = 32;
    public const int NonceSize = 12;
    public const int TagSize = 16;

    /// <summary>Makes a cipher of a key.</summary>
    /// <exception cref="SlipwayException">The platform does not have it.</exception>
    public static ChaCha20Poly1305 Create(ReadOnlySpan<byte> key) =>
        ChaCha20Poly1305.IsSupported
            ? new(key)
            : throw new SlipwayException(
                "This machine's cryptography has no ChaCha20-Poly1305, which encrypted backups need",
                "install OpenSSL 1.1.1 or newer and leave its FIPS mode off; where FIPS is required, "
                    + "turn BACKUP_ENCRYPTION_ENABLED off and let the store encrypt",
                ExitCode.Refused
            );

    /// <summary>Derives a key.</summary>
    public static byte[] Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label)
    {
        var key = new byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, label);
        return key;
    }

    /// <summary>Wraps a file key with a key that wraps nothing else, hence the fixed nonce.</summary>
    public static byte[] Wrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> fileKey)
    {
        using var cipher = Create(key);
        var body = new byte[fileKey.Length + TagSize];
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        cipher.Encrypt(nonce, fileKey, body.AsSpan(0, fileKey.Length), body.AsSpan(fileKey.Length));
        return body;
    }

    /// <summary>Unwraps a file key; null when it was wrapped with another key.</summary>
    public static byte[]? Unwrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body)
    {
        using var cipher = Create(key);
        var fileKey = new byte[body.Length - TagSize];
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        try
        {
            cipher.Decrypt(nonce, body[..^TagSize], body[^TagSize..], fileKey);
            return fileKey;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}

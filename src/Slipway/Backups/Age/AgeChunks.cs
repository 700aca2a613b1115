using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Slipway.Backups.Age;

/// <summary>Encrypts or decrypts a payload chunk by chunk; each knows its place and whether it is the last.</summary>
internal sealed class AgeChunks : IDisposable
{
    /// <summary>Bytes of content in a chunk; only the last may have fewer.</summary>
    public const int Plain = 1 << 16;

    /// <summary>Bytes of a whole encrypted chunk.</summary>
    public const int Sealed = Plain + AgeCipher.TagSize;

    /// <summary>Bytes of the random value before the chunks.</summary>
    public const int NonceSize = 16;

    private readonly ChaCha20Poly1305 _cipher;
    private readonly byte[] _nonce = new byte[AgeCipher.NonceSize];

    public AgeChunks(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> nonce)
    {
        var key = AgeCipher.Derive(fileKey, nonce, "payload"u8);
        _cipher = AgeCipher.Create(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Chunks that are done, which is the place of the next.</summary>
    public long Count { get; private set; }

    /// <summary>Encrypts the next chunk and returns the bytes that were written.</summary>
    public int Seal(ReadOnlySpan<byte> plain, Span<byte> target, bool isLast)
    {
        _cipher.Encrypt(Nonce(isLast), plain, target[..plain.Length], target.Slice(plain.Length, AgeCipher.TagSize));
        Count++;
        return plain.Length + AgeCipher.TagSize;
    }

    /// <summary>Decrypts the next chunk; false, with nothing written, when it is not authentic.</summary>
    public bool TryOpen(ReadOnlySpan<byte> chunk, Span<byte> target, bool isLast)
    {
        if (chunk.Length < AgeCipher.TagSize)
        {
            return false;
        }

        try
        {
            _cipher.Decrypt(
                Nonce(isLast),
                chunk[..^AgeCipher.TagSize],
                chunk[^AgeCipher.TagSize..],
                target[..(chunk.Length - AgeCipher.TagSize)]
            );
            Count++;
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _cipher.Dispose();

    private byte[] Nonce(bool isLast)
    {
        BinaryPrimitives.WriteInt64BigEndian(_nonce.AsSpan(3), Count);
        _nonce[^1] = isLast ? (byte)1 : (byte)0;
        return _nonce;
    }
}

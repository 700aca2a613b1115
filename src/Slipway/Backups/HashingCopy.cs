using System.Security.Cryptography;

namespace Slipway.Backups;

/// <summary>Copies a stream and keeps count and hash of what went through.</summary>
internal sealed class HashingCopy : IDisposable
{
    private const int Buffer = 1 << 20;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Bytes { get; private set; }

    /// <summary>Copies everything from one stream to another; to null only reads.</summary>
    public async Task CopyAsync(Stream from, Stream? to, Action<long> progress, CancellationToken cancellationToken)
    {
        var buffer = new byte[Buffer];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0; )
        {
            _hash.AppendData(buffer, 0, read);
            if (to is not null)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            Bytes += read;
            progress(Bytes);
        }
    }

    /// <summary>The SHA-256 of everything that was copied.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}

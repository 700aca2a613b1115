using System.Buffers;
using Slipway.Backups.Age;
using ZstdNet;

namespace Slipway.Backups;

/// <summary>Compresses and encrypts a stream on its way to the store, in bounded memory and without a copy on disk.</summary>
/// <param name="key">Whom it is encrypted for; null writes it unencrypted.</param>
/// <param name="level">Level of zstd: 1 keeps up with one server process, 3 is a tenth smaller and half as fast.</param>
internal sealed class ArchiveWriter(BackupKey? key, int level)
{
    private const int BufferSize = 1 << 20;

    /// <summary>The ending that files written here have.</summary>
    public string Ending => StoredArchive.Zstandard + (key is null ? "" : StoredArchive.Age);

    /// <summary>Sees what is archived, before anything is done to it.</summary>
    public Action<ReadOnlySpan<byte>> Seen { get; init; } = _ => { };

    /// <summary>Copies a stream to its end.</summary>
    /// <param name="source">What is archived.</param>
    /// <param name="target">Where it goes; left open.</param>
    /// <param name="progress">Gets the bytes that were read so far.</param>
    /// <param name="cancellationToken">Stops in the middle; what was written is then no archive.</param>
    public async Task<ArchiveSums> WriteAsync(
        Stream source,
        Stream target,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        await using var plain = new MeasuringStream(source, progress);
        await using var stored = new MeasuringStream(target);
        await EncryptAsync(plain, stored, cancellationToken);
        return new(plain.Bytes, plain.Sha256(), stored.Bytes, stored.Sha256());
    }

    private async Task EncryptAsync(MeasuringStream plain, MeasuringStream stored, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            await CompressAsync(plain, stored, cancellationToken);
            return;
        }

        await using var encrypted = await AgeEncryptingStream.CreateAsync(stored, key.Recipients, cancellationToken);
        await CompressAsync(plain, encrypted, cancellationToken);
        await encrypted.CompleteAsync(cancellationToken);
    }

    private async Task CompressAsync(MeasuringStream plain, Stream target, CancellationToken cancellationToken)
    {
        using var options = new CompressionOptions(level);
        var gate = new GateStream(target);
        await using var compressed = new CompressionStream(gate, options, BufferSize);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (int read; (read = await plain.ReadAsync(buffer, cancellationToken)) > 0; )
            {
                Seen(buffer.AsSpan(0, read));
                await compressed.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch
        {
            // Its disposal writes the end of the frame, and what is cut off must not get one.
            gate.Shut();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

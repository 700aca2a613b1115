using System.Buffers;
using System.Threading.Channels;
using Slipway.Backups.Age;
using ZstdNet;

namespace Slipway.Backups;

/// <summary>Compresses and encrypts a stream on its way to the store, in bounded memory and without a copy on disk.</summary>
/// <remarks>
/// One loop reads and another one works, so that the program that writes the stream never waits for the compressor: with one
/// loop for both, pg_dump stood still for half of the time.
/// </remarks>
/// <param name="key">Whom it is encrypted for; null writes it unencrypted.</param>
/// <param name="level">Level of zstd: 1 keeps up with one server process, 3 is a tenth smaller and half as fast.</param>
internal sealed class ArchiveWriter(BackupKey? key, int level)
{
    private const int BufferSize = 1 << 20;
    private const int Waiting = 4;

    /// <summary>The ending that files written here have.</summary>
    public string Ending => StoredArchive.Zstandard + (key is null ? "" : StoredArchive.Age);

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
        await using var plain = new MeasuringStream(source);
        await using var stored = new MeasuringStream(target);
        var buffers = Channel.CreateBounded<ArraySegment<byte>>(
            new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true }
        );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAsync(plain, buffers.Writer, progress, stop.Token), CancellationToken.None);
        try
        {
            await EncryptAsync(buffers.Reader, stored, stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }

        return new(plain.Bytes, plain.Sha256(), stored.Bytes, stored.Sha256());
    }

    // Its failure reaches the other loop through the channel, so it never throws itself.
    private static async Task ReadAsync(
        MeasuringStream source,
        ChannelWriter<ArraySegment<byte>> buffers,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        try
        {
            while (true)
            {
                var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                var read = await source.ReadAtLeastAsync(
                    buffer.AsMemory(0, BufferSize),
                    BufferSize,
                    throwOnEndOfStream: false,
                    cancellationToken
                );
                if (read == 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffers.Complete();
                    return;
                }

                await buffers.WriteAsync(new(buffer, 0, read), cancellationToken);
                progress(source.Bytes);
            }
        }
        catch (Exception exception)
        {
            buffers.Complete(exception);
        }
    }

    private async Task EncryptAsync(
        ChannelReader<ArraySegment<byte>> buffers,
        MeasuringStream stored,
        CancellationToken cancellationToken
    )
    {
        if (key is null)
        {
            await CompressAsync(buffers, stored, cancellationToken);
            return;
        }

        await using var encrypted = await AgeEncryptingStream.CreateAsync(stored, key.Recipients, cancellationToken);
        await CompressAsync(buffers, encrypted, cancellationToken);
        await encrypted.CompleteAsync(cancellationToken);
    }

    private async Task CompressAsync(
        ChannelReader<ArraySegment<byte>> buffers,
        Stream target,
        CancellationToken cancellationToken
    )
    {
        using var options = new CompressionOptions(level);
        var gate = new GateStream(target);
        await using var compressed = new CompressionStream(gate, options, BufferSize);
        try
        {
            await foreach (var buffer in buffers.ReadAllAsync(cancellationToken))
            {
                await compressed.WriteAsync(buffer, cancellationToken);
                ArrayPool<byte>.Shared.Return(buffer.Array!);
            }
        }
        catch
        {
            // Its disposal writes the end of the frame, and what is cut off must not get one.
            gate.Shut();
            throw;
        }
    }
}

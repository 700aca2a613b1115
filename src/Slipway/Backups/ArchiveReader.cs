using Slipway.Backups.Age;
using Slipway.Settings;
using ZstdNet;

namespace Slipway.Backups;

/// <summary>Reads archives back: decrypts, decompresses, and knows whether all of it is what was written.</summary>
/// <param name="key">What opens encrypted archives; null when there is no key here.</param>
internal sealed class ArchiveReader(BackupKey? key)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Reads an archive to its end.</summary>
    /// <param name="archive">What it must be.</param>
    /// <param name="stored">The bytes of the store; left open.</param>
    /// <param name="read">Takes the content while it comes; what it got is good only when this method returns.</param>
    /// <param name="progress">Gets the stored bytes that were read so far.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>What is wrong with it; null when it is byte for byte what was written.</returns>
    public async Task<string?> ReadAsync(
        StoredArchive archive,
        Stream stored,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> read,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        await using var source = new MeasuringStream(stored);
        var buffer = new byte[BufferSize];
        string? problem = null;
        AgeException? wrongKey = null;
        try
        {
            await using var opened = await OpenAsync(archive, source, cancellationToken);
            await using var plain = new MeasuringStream(opened);
            for (int count; (count = await plain.ReadAsync(buffer, cancellationToken)) > 0; )
            {
                await read(buffer.AsMemory(0, count), cancellationToken);
                progress(source.Bytes);
            }

            problem = PlainDifference(archive.Sums, plain.Bytes, plain.Sha256());
        }
        catch (AgeException exception)
        {
            problem = exception.Message;
            wrongKey = exception.Problem is AgeProblem.NoKeyFits ? exception : null;
        }
        catch (Exception exception) when (exception is ZstdException or InvalidDataException or EndOfStreamException)
        {
            problem = $"it does not decompress: {exception.Message}";
        }

        await DrainAsync(source, buffer, cancellationToken);
        var stores = StoredDifference(archive.Sums, source.Bytes, source.Sha256());
        // A key that does not fit is the key's fault only while the file is what was written.
        return stores is null && wrongKey is not null ? throw wrongKey : stores ?? problem;
    }

    /// <summary>Opens an archive as the stream that it holds.</summary>
    /// <exception cref="SlipwayException">It is encrypted, and no key here opens it.</exception>
    public async Task<Stream> OpenAsync(StoredArchive archive, Stream stored, CancellationToken cancellationToken)
    {
        var compressed = stored;
        if (archive.IsEncrypted)
        {
            var identities = key is { CanRead: true }
                ? key.Identities
                : throw new SlipwayException(
                    $"{archive.Name} is encrypted, and there is no key here that opens it",
                    "set BACKUP_ENCRYPTION_KEY to the secret key (AGE-SECRET-KEY-1…) or the passphrase it was written with",
                    ExitCode.Refused
                );
            compressed = await AgeDecryptingStream.OpenAsync(stored, identities, leaveOpen: true, cancellationToken);
        }

        return new DecompressionStream(compressed, BufferSize);
    }

    // What stands behind an error, or behind the last frame, is looked at too.
    private static async Task DrainAsync(Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        while (await source.ReadAsync(buffer, cancellationToken) > 0) { }
    }

    private static string? StoredDifference(ArchiveSums written, long bytes, string sha256) =>
        (bytes, sha256) == (written.Bytes, written.Sha256)
            ? null
            : $"the store has {bytes} bytes with SHA-256 {sha256} instead of {written.Bytes} with {written.Sha256}";

    private static string? PlainDifference(ArchiveSums written, long bytes, string sha256) =>
        (bytes, sha256) == (written.PlainBytes, written.PlainSha256)
            ? null
            : $"it holds {bytes} bytes with SHA-256 {sha256} instead of {written.PlainBytes} with {written.PlainSha256}";
}

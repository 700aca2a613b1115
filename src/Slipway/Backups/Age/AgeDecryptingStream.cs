using System.Buffers;
using System.Security.Cryptography;
using Slipway.Storage;

namespace Slipway.Backups.Age;

/// <summary>
/// Decrypts an age file while it is read, asynchronously only. Every byte that it returns is authentic; the file is whole
/// only when it was read to the end without an error.
/// </summary>
public sealed class AgeDecryptingStream : AsyncStream
{
    private readonly Stream _source;
    private readonly bool _leaveOpen;
    private readonly AgeInput _input;
    private readonly AgeChunks _chunks;
    private byte[]? _spare = ArrayPool<byte>.Shared.Rent(AgeChunks.Plain);
    private Memory<byte> _waiting;
    private AgeException? _failure;
    private bool _ended;

    private AgeDecryptingStream(Stream source, bool leaveOpen, AgeInput input, AgeChunks chunks)
    {
        _source = source;
        _leaveOpen = leaveOpen;
        _input = input;
        _chunks = chunks;
    }

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <summary>Opens a file: reads its header and finds its key.</summary>
    /// <param name="source">The encrypted file, from its first byte.</param>
    /// <param name="identities">The keys to try.</param>
    /// <param name="leaveOpen">False to dispose of the source with the reader, and when it cannot be opened.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="AgeException">It cannot be read with these keys.</exception>
    public static async Task<AgeDecryptingStream> OpenAsync(
        Stream source,
        IReadOnlyList<AgeIdentity> identities,
        bool leaveOpen,
        CancellationToken cancellationToken
    )
    {
        var input = new AgeInput(source);
        try
        {
            var (header, _) = await input.ReadHeaderAsync(cancellationToken);
            var fileKey = header.Unwrap(identities);
            await input.FillAsync(AgeChunks.NonceSize, cancellationToken);
            if (input.Data.Length < AgeChunks.NonceSize)
            {
                throw AgeException.Header("the file is cut off behind it");
            }

            var chunks = new AgeChunks(fileKey, input.Data.Span[..AgeChunks.NonceSize]);
            CryptographicOperations.ZeroMemory(fileKey);
            input.Consume(AgeChunks.NonceSize);
            return new(source, leaveOpen, input, chunks);
        }
        catch
        {
            input.Dispose();
            if (!leaveOpen)
            {
                await source.DisposeAsync();
            }

            throw;
        }
    }

    /// <inheritdoc />
    /// <exception cref="AgeException">The content from here on is damaged.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_spare is null, this);
        if (buffer.Length > 0 && _waiting.Length == 0)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            if (_ended)
            {
                return 0;
            }

            var whole = Math.Clamp(buffer.Length / AgeChunks.Plain, 1, AgeInput.Chunks);
            await _input.FillAsync((whole * AgeChunks.Sealed) + 1, cancellationToken);
            if (buffer.Length >= AgeChunks.Plain)
            {
                return OpenChunks(buffer.Span);
            }

            _waiting = _spare.AsMemory(0, OpenChunk(_spare));
        }

        var length = Math.Min(buffer.Length, _waiting.Length);
        _waiting[..length].CopyTo(buffer);
        _waiting = _waiting[length..];
        return length;
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        Release();
        if (!_leaveOpen)
        {
            await _source.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Release();
            if (!_leaveOpen)
            {
                _source.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void Release()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            ArrayPool<byte>.Shared.Return(spare, clearArray: true);
            _chunks.Dispose();
            _input.Dispose();
        }
    }

    // Fills as much of the target as whole chunks do. A failure waits for the next read when there is something to return.
    private int OpenChunks(Span<byte> target)
    {
        var written = 0;
        do
        {
            try
            {
                written += OpenChunk(target[written..]);
            }
            catch (AgeException failure) when (written > 0)
            {
                _failure = failure;
            }
        } while (
            target.Length - written >= AgeChunks.Plain
            && _failure is null
            && !_ended
            && (_input.Data.Length > AgeChunks.Sealed || _input.IsEnded)
        );
        return written;
    }

    private int OpenChunk(Span<byte> target)
    {
        var data = _input.Data.Span;
        var isLast = data.Length <= AgeChunks.Sealed;
        var chunk = isLast ? data : data[..AgeChunks.Sealed];
        var isWhole = chunk.Length == AgeChunks.Sealed;
        if (_chunks.TryOpen(chunk, target, isLast))
        {
            _ended = isLast;
        }
        else if (isWhole && _chunks.TryOpen(chunk, target, !isLast))
        {
            // The chunk is authentic; what follows it is not, or should follow and does not.
            _failure = AgeException.Payload(
                _chunks.Count,
                isLast ? "it is cut off here" : "something was appended after its end"
            );
        }
        else
        {
            throw Fail(chunk.IsEmpty ? "it is cut off here" : "this chunk was changed, moved or cut off");
        }

        if (chunk.Length == AgeCipher.TagSize && _chunks.Count > 1)
        {
            throw Fail("its last chunk is empty");
        }

        _input.Consume(chunk.Length);
        return chunk.Length - AgeCipher.TagSize;
    }

    private AgeException Fail(string what) => _failure = AgeException.Payload(_chunks.Count, what);
}

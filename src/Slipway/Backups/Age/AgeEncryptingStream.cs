using System.Buffers;
using System.Security.Cryptography;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Age;

/// <summary>
/// Encrypts what is written to it as an age file, asynchronously only. Without its completion the file is unfinished, and
/// whoever reads it is told that it is cut off.
/// </summary>
/// <remarks>The target is left open.</remarks>
public sealed class AgeEncryptingStream : AsyncStream
{
    private const int Chunks = 16;
    private const int Capacity = Chunks * AgeChunks.Sealed;
    private readonly Stream _target;
    private readonly AgeChunks _chunks;

    // The content's last bytes wait here, because only the completion tells that they are the last.
    private byte[]? _plain = ArrayPool<byte>.Shared.Rent(AgeChunks.Plain);
    private byte[] _sealed = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _plainLength;
    private int _sealedLength;
    private bool _isClosed;

    private AgeEncryptingStream(Stream target, AgeChunks chunks)
    {
        _target = target;
        _chunks = chunks;
    }

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <summary>Begins a file: writes its header.</summary>
    /// <param name="target">Where the encrypted file goes.</param>
    /// <param name="recipients">Who can read it: one or several keys, or one passphrase.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <exception cref="SlipwayException">There is no recipient, or a passphrase is not alone.</exception>
    public static async Task<AgeEncryptingStream> CreateAsync(
        Stream target,
        IReadOnlyList<AgeRecipient> recipients,
        CancellationToken cancellationToken
    )
    {
        var fileKey = RandomNumberGenerator.GetBytes(AgeHeader.FileKeySize);
        var nonce = RandomNumberGenerator.GetBytes(AgeChunks.NonceSize);
        var header = AgeHeader.Write(recipients, fileKey);
        await target.WriteAsync((byte[])[.. header, .. nonce], cancellationToken);
        var writer = new AgeEncryptingStream(target, new AgeChunks(fileKey, nonce));
        CryptographicOperations.ZeroMemory(fileKey);
        return writer;
    }

    /// <inheritdoc />
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfClosed();
        while (buffer.Length > 0)
        {
            buffer = Take(buffer);
            if (_sealedLength == Capacity)
            {
                await SendAsync(cancellationToken);
            }
        }
    }

    /// <summary>Ends the file. Nothing can be written after it.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        if (_sealedLength == Capacity)
        {
            await SendAsync(cancellationToken);
        }

        Seal(_plain.AsSpan(0, _plainLength), isLast: true);
        await SendAsync(cancellationToken);
        await _target.FlushAsync(cancellationToken);
        _isClosed = true;
    }

    /// <summary>Hands on the chunks that are done; the last bytes stay until the completion.</summary>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!_isClosed)
        {
            await SendAsync(cancellationToken);
            await _target.FlushAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing && _plain is { } plain)
        {
            (_plain, _isClosed) = (null, true);
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
            ArrayPool<byte>.Shared.Return(_sealed);
            _sealed = [];
            _chunks.Dispose();
        }

        base.Dispose(disposing);
    }

    // Takes what fits; chunks that lie in the buffer as a whole, with more behind them, are encrypted where they are.
    private ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> buffer)
    {
        if (_plainLength == AgeChunks.Plain)
        {
            Seal(_plain.AsSpan(0, AgeChunks.Plain), isLast: false);
            _plainLength = 0;
        }

        while (_plainLength == 0 && buffer.Length > AgeChunks.Plain && _sealedLength < Capacity)
        {
            Seal(buffer.Span[..AgeChunks.Plain], isLast: false);
            buffer = buffer[AgeChunks.Plain..];
        }

        if (_sealedLength == Capacity)
        {
            return buffer;
        }

        var length = Math.Min(buffer.Length, AgeChunks.Plain - _plainLength);
        buffer.Span[..length].CopyTo(_plain.AsSpan(_plainLength));
        _plainLength += length;
        return buffer[length..];
    }

    private void Seal(ReadOnlySpan<byte> plain, bool isLast) =>
        _sealedLength += _chunks.Seal(plain, _sealed.AsSpan(_sealedLength), isLast);

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        // After a failed write nobody knows how much of it arrived, so that nothing may follow.
        _isClosed = true;
        await _target.WriteAsync(_sealed.AsMemory(0, _sealedLength), cancellationToken);
        _sealedLength = 0;
        _isClosed = false;
    }

    private void ThrowIfClosed()
    {
        ObjectDisposedException.ThrowIf(_plain is null, this);
        if (_isClosed)
        {
            throw new InvalidOperationException("The encrypted file is complete, or writing it failed.");
        }
    }
}

using System.Buffers;

namespace Slipway.Backups.Age;

/// <summary>Reads an encrypted file ahead, as far as one buffer goes.</summary>
internal sealed class AgeInput(Stream source) : IDisposable
{
    /// <summary>Chunks that have place in the buffer, with the one byte behind them that tells that there are more.</summary>
    public const int Chunks = 16;

    private const int Capacity = (Chunks * AgeChunks.Sealed) + 1;
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _start;
    private int _end;

    /// <summary>What was read and not consumed.</summary>
    public ReadOnlyMemory<byte> Data => Buffer.AsMemory(_start, _end - _start);

    /// <summary>True when nothing follows the data.</summary>
    public bool IsEnded { get; private set; }

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(AgeInput));

    /// <summary>Reads until there are as many bytes as wanted, or the file ends.</summary>
    public async Task FillAsync(int wanted, CancellationToken cancellationToken)
    {
        if (_start + wanted > Capacity)
        {
            Data.CopyTo(Buffer);
            (_start, _end) = (0, _end - _start);
        }

        while (!IsEnded && _end - _start < wanted)
        {
            var read = await source.ReadAsync(Buffer.AsMemory(_end..Capacity), cancellationToken);
            _end += read;
            IsEnded = read == 0;
        }
    }

    public void Consume(int bytes) => _start += bytes;

    /// <summary>Reads the header, so that the payload comes next.</summary>
    /// <exception cref="AgeException">There is none, or it is broken.</exception>
    public async Task<(AgeHeader Header, int Length)> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await FillAsync(AgeHeaderParser.Longest, cancellationToken);
        var data = Data.Span;
        var parser = new AgeHeaderParser(data[..Math.Min(data.Length, AgeHeaderParser.Longest)]);
        var header = parser.Parse(out var length);
        Consume(length);
        return (header, length);
    }

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

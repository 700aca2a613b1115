using System.Buffers;

namespace Slipway.S3;

/// <summary>A part in memory while it fills up and is sent.</summary>
internal sealed class S3Part(int size) : IDisposable
{
    private const int Small = 1 << 16;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(Small, size));

    /// <summary>Bytes in it.</summary>
    public int Length { get; private set; }

    /// <summary>True when nothing more goes in.</summary>
    public bool IsFull => Length == size;

    /// <summary>What is in it.</summary>
    public ArraySegment<byte> Content => new(_bytes, 0, Length);

    /// <summary>Takes what still fits of some bytes.</summary>
    /// <returns>How many it took.</returns>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, size - Length);
        Grow(Length + count);
        bytes[..count].CopyTo(_bytes.AsSpan(Length));
        Length += count;
        return count;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    // A lease of 300 bytes is written every ten seconds: it shall not cost a whole part each time.
    private void Grow(int needed)
    {
        if (needed <= _bytes.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(size, Math.Max(needed, _bytes.Length * 4L)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}

using System.Collections.Concurrent;

namespace Slipway.S3;

/// <summary>A part in memory while it fills up and is sent.</summary>
/// <param name="size">Bytes that fit.</param>
/// <param name="free">Memory of parts of the same object that were sent; used again.</param>
internal sealed class S3Part(int size, ConcurrentBag<byte[]> free) : IDisposable
{
    // A lease of 300 bytes is written every ten seconds: it shall not cost a whole part each time.
    private const int Small = 1 << 14;
    private byte[] _bytes = free.TryTake(out var used) ? used : [];

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

    /// <summary>Gives its memory to the next part.</summary>
    public void Dispose()
    {
        if (_bytes.Length == size)
        {
            free.Add(_bytes);
        }

        _bytes = [];
        Length = 0;
    }

    // Straight to the whole size from a mebibyte on: then it is a large object.
    private void Grow(int needed)
    {
        if (needed <= _bytes.Length)
        {
            return;
        }

        var wanted = Math.Max(Math.Max(needed, Small), _bytes.Length * 2L);
        var larger = GC.AllocateUninitializedArray<byte>(wanted > 1 << 20 ? size : (int)wanted);
        _bytes.AsSpan(0, Length).CopyTo(larger);
        _bytes = larger;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Slipway.Backups.CustomFormat;

/// <summary>Reads numbers and texts as pg_dump writes them; once the bytes are at their end, it reads nothing more.</summary>
internal ref struct DumpHeadReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes were read.</summary>
    public int At { get; private set; }

    /// <summary>True when there were fewer bytes than what was read needs.</summary>
    public bool IsShort { get; private set; }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        IsShort |= count > _bytes.Length - At;
        if (IsShort)
        {
            return [];
        }

        At += count;
        return _bytes.Slice(At - count, count);
    }

    public void Skip(int count) => Bytes(count);

    public byte Byte() => Bytes(1) is [var value] ? value : (byte)0;

    /// <summary>A number: its sign, then its four bytes, the lowest first.</summary>
    public int Number() =>
        Bytes(5) is [var sign, .. var value] ? BinaryPrimitives.ReadInt32LittleEndian(value) * (sign == 0 ? 1 : -1) : 0;

    /// <summary>A text of ASCII; null is one too, and what is read for every other.</summary>
    public string? Text() => TryBytes(out var text) && Ascii.IsValid(text) ? Encoding.ASCII.GetString(text) : null;

    /// <summary>Reads over a text.</summary>
    /// <returns>False when it is null, or not there.</returns>
    public bool SkipText() => TryBytes(out _);

    public void SkipTexts(int count)
    {
        while (count-- > 0)
        {
            SkipText();
        }
    }

    private bool TryBytes(out ReadOnlySpan<byte> text)
    {
        var length = Number();
        text = length > 0 ? Bytes(length) : [];
        return length >= 0 && !IsShort;
    }
}

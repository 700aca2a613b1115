using System.Globalization;
using System.Runtime.InteropServices;

namespace Slipway.Backups.PgBackRest;

/// <summary>A segment of write-ahead log, such as <c>000000010000000A000000FE</c>.</summary>
/// <param name="Timeline">The server's history it belongs to.</param>
/// <param name="High">The second part of its name.</param>
/// <param name="Low">The third part of its name.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WalSegment(uint Timeline, uint High, uint Low) : IComparable<WalSegment>
{
    private const int Length = 24;

    /// <summary>Size of a segment unless initdb was told otherwise: 16 MiB.</summary>
    public const int DefaultBytes = 16 << 20;

    /// <summary>Reads the name of a segment, with or without something behind it; null when it is none.</summary>
    public static WalSegment? Parse(string? text) =>
        text?.Length >= Length
        && (text.Length == Length || text[Length] is '-' or '.')
        && Part(text, 0) is { } timeline
        && Part(text, 8) is { } high
        && Part(text, 16) is { } low
            ? new(timeline, high, low)
            : null;

    /// <summary>The one after it on the same timeline.</summary>
    /// <param name="bytes">Size of a segment.</param>
    public WalSegment Next(int bytes)
    {
        var last = (uint)((1L << 32) / bytes - 1);
        return Low >= last ? this with { High = High + 1, Low = 0 } : this with { Low = Low + 1 };
    }

    /// <inheritdoc />
    public int CompareTo(WalSegment other) => (Timeline, High, Low).CompareTo((other.Timeline, other.High, other.Low));

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Timeline:X8}{High:X8}{Low:X8}");

    /// <summary>True when one comes before the other.</summary>
    public static bool operator <(WalSegment left, WalSegment right) => left.CompareTo(right) < 0;

    /// <summary>True when one comes after the other.</summary>
    public static bool operator >(WalSegment left, WalSegment right) => left.CompareTo(right) > 0;

    /// <summary>True when one comes before the other or is the same.</summary>
    public static bool operator <=(WalSegment left, WalSegment right) => left.CompareTo(right) <= 0;

    /// <summary>True when one comes after the other or is the same.</summary>
    public static bool operator >=(WalSegment left, WalSegment right) => left.CompareTo(right) >= 0;

    private static uint? Part(string text, int start) =>
        uint.TryParse(text.AsSpan(start, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var part)
            ? part
            : null;
}

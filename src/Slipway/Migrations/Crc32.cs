namespace Slipway.Migrations;

/// <summary>CRC-32 as in IEEE 802.3, which Flyway's checksums and golang-migrate's lock are made of.</summary>
internal static class Crc32
{
    /// <summary>Where a sum begins, and what it is turned over with at the end.</summary>
    public const uint Start = 0xFFFF_FFFF;

    /// <summary>The sum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Add(Start, bytes) ^ Start;

    /// <summary>A sum that goes on.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1;
            }
        }

        return sum;
    }
}

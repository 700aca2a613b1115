using System.Globalization;
using System.Text;

namespace Slipway.Migrations.Flyway;

/// <summary>Flyway's checksum: CRC-32 over the lines without their ends.</summary>
internal static class FlywayChecksum
{
    /// <summary>The sum of a file's text, as its table shows it.</summary>
    public static string Of(string text)
    {
        var sum = Crc32.Start;
        // As Java reads lines: any end counts, and after the last one nothing begins.
        using var lines = new StringReader(text.TrimStart('\uFEFF'));
        while (lines.ReadLine() is { } line)
        {
            sum = Crc32.Add(sum, Encoding.UTF8.GetBytes(line));
        }

        return unchecked((int)(sum ^ Crc32.Start)).ToString(CultureInfo.InvariantCulture);
    }
}

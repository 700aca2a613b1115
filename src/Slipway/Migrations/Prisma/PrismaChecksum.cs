using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Migrations.Prisma;

/// <summary>Prisma's checksums.</summary>
internal static class PrismaChecksum
{
    /// <summary>Lower hex SHA-256 of a file's text.</summary>
    public static string Of(string sql) => Convert.ToHexStringLower(Hash(sql));

    /// <summary>True when a recorded checksum is that of the text, whichever line ends either had.</summary>
    public static bool Matches(string recorded, string sql)
    {
        var unix = sql.Replace("\r\n", "\n", StringComparison.Ordinal);
        return new[] { sql, unix, unix.Replace("\n", "\r\n", StringComparison.Ordinal) }
            .Select(Hash)
            .Any(hash =>
                recorded.Equals(Convert.ToHexStringLower(hash), StringComparison.Ordinal) || IsUnpadded(recorded, hash)
            );
    }

    // Early versions of Prisma wrote every byte without its leading zero.
    private static bool IsUnpadded(string recorded, byte[] hash) =>
        recorded.Length < 64
        && recorded.Equals(
            string.Concat(hash.Select(b => b.ToString("x", CultureInfo.InvariantCulture))),
            StringComparison.Ordinal
        );

    private static byte[] Hash(string sql) => SHA256.HashData(Encoding.UTF8.GetBytes(sql));
}

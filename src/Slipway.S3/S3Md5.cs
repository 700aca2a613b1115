using System.Security.Cryptography;
using Amazon.S3;

namespace Slipway.S3;

/// <summary>MD5, which the protocol has for transport; it protects against accidents, not against people.</summary>
internal static class S3Md5
{
#pragma warning disable CA5351 // The protocol's Content-MD5 and ETag are no other.
    public static byte[] Of(ReadOnlySpan<byte> content) => MD5.HashData(content);
#pragma warning restore CA5351

    /// <summary>True when an ETag is the MD5 of other bytes; false when it is the same or no MD5 at all.</summary>
    /// <param name="etag">The store's answer.</param>
    /// <param name="md5">Of what was sent.</param>
    /// <param name="encryption">How the store encrypted; then its ETag may be of what it keeps.</param>
    public static bool Contradicts(string? etag, byte[] md5, ServerSideEncryptionMethod? encryption)
    {
        var bare = Bare(etag);
        return string.IsNullOrEmpty(encryption?.Value)
            && bare.Length == 32
            && bare.All(char.IsAsciiHexDigit)
            && !Matches(etag, md5);
    }

    /// <summary>True when an ETag is an MD5.</summary>
    public static bool Matches(string? etag, byte[] md5) =>
        Bare(etag).Equals(Convert.ToHexString(md5), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string? etag) => etag?.Trim('"') ?? "";
}

using System.Security.Cryptography;

namespace Slipway.Drivers.Tests.Support;

/// <summary>Content that is the same in every run and nowhere repeats.</summary>
internal static class Bytes
{
    public static byte[] Random(int count, int seed = 1)
    {
        var bytes = new byte[count];
#pragma warning disable CA5394 // Repeatable is what is wanted.
        new Random(seed).NextBytes(bytes);
#pragma warning restore CA5394
        return bytes;
    }

    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

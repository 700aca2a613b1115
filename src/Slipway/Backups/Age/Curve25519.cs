using Org.BouncyCastle.Math.EC.Rfc7748;

namespace Slipway.Backups.Age;

/// <summary>Diffie-Hellman on Curve25519 (RFC 7748), which the platform does not have.</summary>
internal static class Curve25519
{
    public const int Size = 32;

    public static byte[] PublicKey(byte[] secret)
    {
        var key = new byte[Size];
        X25519.ScalarMultBase(secret, 0, key, 0);
        return key;
    }

    /// <summary>The secret that both sides share; null when the point is of low order, so that anybody could know it.</summary>
    public static byte[]? Agree(byte[] secret, byte[] point)
    {
        var shared = new byte[Size];
        return X25519.CalculateAgreement(secret, 0, point, 0, shared, 0) ? shared : null;
    }
}

using System.Text;
using Org.BouncyCastle.Crypto.Generators;
using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>Makes a key of a passphrase, slowly (RFC 7914), which the platform cannot.</summary>
internal static class PassphraseKey
{
    public static byte[] Derive(Secret passphrase, byte[] salt, int workFactor) =>
        SCrypt.Generate(
            Encoding.UTF8.GetBytes(passphrase.Reveal()),
            [.. "age-encryption.org/v1/scrypt"u8, .. salt],
            1 << workFactor,
            8,
            1,
            AgeCipher.KeySize
        );
}

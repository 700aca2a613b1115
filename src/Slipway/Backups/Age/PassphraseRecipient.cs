using System.Globalization;
using System.Security.Cryptography;
using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>Whoever knows a passphrase. It costs time and memory by design: 1 s and 256 MiB for each file.</summary>
/// <param name="passphrase">The passphrase.</param>
public sealed class PassphraseRecipient(Secret passphrase) : AgeRecipient
{
    internal const string Kind = "scrypt";
    internal const int SaltSize = 16;
    private const int DefaultWorkFactor = 18;

    /// <summary>Always the same: whatever is made of a passphrase helps to guess it.</summary>
    public override string KeyId => "passphrase";

    /// <summary>Logarithm of the work; default 18.</summary>
    internal int WorkFactor { get; init; } = DefaultWorkFactor;

    // Otherwise whoever has one of the other keys could write files that the passphrase seems to vouch for.
    internal override bool StandsAlone => true;

    internal override AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var key = PassphraseKey.Derive(passphrase, salt, WorkFactor);
        return new(
            [Kind, AgeBase64.Encode(salt), WorkFactor.ToString(CultureInfo.InvariantCulture)],
            AgeCipher.Wrap(key, fileKey)
        );
    }
}

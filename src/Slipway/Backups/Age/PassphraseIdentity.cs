using System.Globalization;
using System.Text;
using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>A passphrase that opens what was encrypted with it.</summary>
/// <param name="passphrase">The passphrase.</param>
public sealed class PassphraseIdentity(Secret passphrase) : AgeIdentity
{
    // 1 GiB of memory; a file that asks for more was not written by anybody who wants it read.
    private const int LargestWorkFactor = 20;

    /// <inheritdoc />
    public override AgeRecipient Recipient { get; } = new PassphraseRecipient(passphrase);

    internal override byte[]? Unwrap(IReadOnlyList<AgeStanza> stanzas)
    {
        if (stanzas.FirstOrDefault(stanza => stanza.Kind is PassphraseRecipient.Kind) is not { } stanza)
        {
            return null;
        }

        var salt = stanza.Arguments.Count == 3 ? AgeBase64.Decode(Encoding.ASCII.GetBytes(stanza.Arguments[1])) : null;
        if (salt is not { Length: PassphraseRecipient.SaltSize })
        {
            throw AgeException.Header("its stanza for a passphrase has no salt of 16 bytes");
        }

        stanza.CheckBody();
        var key = PassphraseKey.Derive(passphrase, salt, WorkFactor(stanza.Arguments[2]));
        return AgeCipher.Unwrap(key, stanza.Body);
    }

    private static int WorkFactor(string text) =>
        text is not ['1' or '2' or '3' or '4' or '5' or '6' or '7' or '8' or '9', ..]
        || !text.All(char.IsAsciiDigit)
        || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var factor)
            ? throw AgeException.Header("the work factor of its passphrase is no number")
        : factor > LargestWorkFactor
            ? throw AgeException.Header(
                $"the work factor of its passphrase is {factor}, and more than {LargestWorkFactor} is refused"
            )
        : factor;
}

using System.Security.Cryptography;
using System.Text;
using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>The text before the payload that holds the file key for every recipient.</summary>
internal sealed class AgeHeader(IReadOnlyList<AgeStanza> stanzas, byte[] authenticated, byte[] mac)
{
    public const int FileKeySize = 16;
    public const int Columns = 64;
    public const string FirstLine = "age-encryption.org/v1\n";
    public const string Footer = "---";

    /// <summary>Writes a header.</summary>
    /// <exception cref="SlipwayException">There is no recipient, or a passphrase is not alone.</exception>
    public static byte[] Write(IReadOnlyList<AgeRecipient> recipients, ReadOnlySpan<byte> fileKey)
    {
        if (recipients.Count == 0 || (recipients.Count > 1 && recipients.Any(recipient => recipient.StandsAlone)))
        {
            throw new SlipwayException(
                recipients.Count == 0
                    ? "There is nobody to encrypt for"
                    : "A file that a passphrase opens cannot have other recipients",
                "give BACKUP_ENCRYPTION_KEY either age keys or one passphrase",
                ExitCode.BadInput
            );
        }

        var text = new StringBuilder(FirstLine);
        foreach (var recipient in recipients)
        {
            var stanza = recipient.Wrap(fileKey);
            text.Append("-> ").AppendJoin(' ', stanza.Arguments).Append('\n');
            // The last line is shorter than the others, if need be empty.
            var body = AgeBase64.Encode(stanza.Body);
            for (var start = 0; start <= body.Length; start += Columns)
            {
                text.Append(body.AsSpan(start, Math.Min(Columns, body.Length - start))).Append('\n');
            }
        }

        var mac = Mac(Encoding.ASCII.GetBytes($"{text}{Footer}"), fileKey);
        return Encoding.ASCII.GetBytes($"{text}{Footer} {AgeBase64.Encode(mac)}\n");
    }

    /// <summary>Finds the file key, and proves that the header is as its writer left it.</summary>
    /// <exception cref="AgeException">No key fits, or the header was changed.</exception>
    public byte[] Unwrap(IReadOnlyList<AgeIdentity> identities)
    {
        var fileKey =
            identities.Select(identity => identity.Unwrap(stanzas)).FirstOrDefault(key => key is not null)
            ?? throw NoKeyFits(identities.Count);
        return CryptographicOperations.FixedTimeEquals(Mac(authenticated, fileKey), mac)
            ? fileKey
            : throw new AgeException(
                AgeProblem.HeaderForged,
                "The header of the encrypted file was changed after it was written",
                "do not trust this copy; take another one, and find out who can write to the store"
            );
    }

    private static byte[] Mac(ReadOnlySpan<byte> text, ReadOnlySpan<byte> fileKey) =>
        HMACSHA256.HashData(AgeCipher.Derive(fileKey, [], "header"u8), text);

    private AgeException NoKeyFits(int keys)
    {
        // The names of other kinds are the writer's, so they are counted and not repeated.
        var ours = stanzas.Count(stanza => stanza.Kind is X25519Recipient.Kind);
        var others = stanzas.Count == ours ? "" : $" and {stanzas.Count - ours} of other kinds";
        var needed =
            stanzas[0].Kind is PassphraseRecipient.Kind
                ? "it was encrypted with a passphrase"
                : $"it was encrypted for {ours} age key(s){others}";
        return new(
            AgeProblem.NoKeyFits,
            keys == 0
                ? $"There is no secret key to open the encrypted file with: {needed}"
                : $"None of the {keys} key(s) at hand opens the encrypted file: {needed}",
            "set BACKUP_ENCRYPTION_KEY to the secret key (AGE-SECRET-KEY-1…) or passphrase that was in force when it was "
                + "written; the backup's manifest names the key's id, and several keys may stand there with commas between"
        );
    }
}

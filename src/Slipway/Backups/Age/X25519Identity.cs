using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>The secret half of a key: it opens what was encrypted for its recipient.</summary>
public sealed class X25519Identity : AgeIdentity
{
    private const string Prefix = "age-secret-key-";
    private readonly byte[] _secret;
    private readonly X25519Recipient _recipient;

    internal X25519Identity(byte[] secret)
    {
        _secret = secret;
        _recipient = new(Curve25519.PublicKey(secret));
    }

    /// <inheritdoc />
    public override AgeRecipient Recipient => _recipient;

    /// <summary>Makes a new key.</summary>
    public static X25519Identity Generate() => new(RandomNumberGenerator.GetBytes(Curve25519.Size));

    /// <summary>Reads <c>AGE-SECRET-KEY-1…</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="identity">The key.</param>
    /// <param name="problem">What is wrong with the text, without a part of it.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out X25519Identity? identity,
        [NotNullWhen(false)] out string? problem
    )
    {
        problem = Bech32.Decode(text, out var prefix, out var secret);
        problem ??=
            prefix is not Prefix
                ? "is no X25519 key (AGE-SECRET-KEY-1… of 74 characters); other kinds are not supported"
            : char.IsAsciiLetterLower(text[0]) ? "must be written in upper case"
            : secret.Length != Curve25519.Size ? "is incomplete"
            : null;
        identity = problem is null ? new(secret) : null;
        return identity is not null;
    }

    /// <summary>The key as <c>AGE-SECRET-KEY-1…</c>, which the age tool reads from a file.</summary>
    public Secret Export() => new(Bech32.Encode(Prefix, _secret).ToUpperInvariant());

    internal override byte[]? Unwrap(IReadOnlyList<AgeStanza> stanzas)
    {
        foreach (var stanza in stanzas.Where(stanza => stanza.Kind is X25519Recipient.Kind))
        {
            var share =
                stanza.Arguments.Count == 2 ? AgeBase64.Decode(Encoding.ASCII.GetBytes(stanza.Arguments[1])) : null;
            if (share is not { Length: Curve25519.Size })
            {
                throw AgeException.Header("a stanza for X25519 has no share of 32 bytes");
            }

            stanza.CheckBody();
            var shared =
                Curve25519.Agree(_secret, share)
                ?? throw AgeException.Header("the share of a stanza for X25519 is of low order");
            var key = AgeCipher.Derive(shared, _recipient.Salt(share), X25519Recipient.Label);
            if (AgeCipher.Unwrap(key, stanza.Body) is { } fileKey)
            {
                return fileKey;
            }
        }

        return null;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>The public half of a key: whoever has it can write files, not read them.</summary>
public sealed class X25519Recipient : AgeRecipient
{
    internal const string Kind = "X25519";
    private const string Prefix = "age";
    private readonly byte[] _point;
    private readonly string _text;

    internal X25519Recipient(byte[] point)
    {
        _point = point;
        _text = Bech32.Encode(Prefix, point);
        KeyId = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(_text)).AsSpan(0, 8));
    }

    /// <inheritdoc />
    public override string KeyId { get; }

    internal override bool StandsAlone => false;

    internal static ReadOnlySpan<byte> Label => "age-encryption.org/v1/X25519"u8;

    /// <summary>Reads <c>age1…</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="problem">What is wrong with the text, without a part of it.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out X25519Recipient? recipient,
        [NotNullWhen(false)] out string? problem
    )
    {
        recipient = null;
        problem = Bech32.Decode(text, out var prefix, out var point);
        problem ??=
            prefix is not Prefix ? "is no X25519 recipient (age1… of 62 characters); other kinds are not supported"
            : char.IsAsciiLetterUpper(text[0]) ? "must be written in lower case"
            : point.Length != Curve25519.Size ? "is incomplete"
            : Curve25519.Agree(RandomNumberGenerator.GetBytes(Curve25519.Size), point) is null
                ? "is no key that keeps a secret"
            : null;
        recipient = problem is null ? new(point) : null;
        return recipient is not null;
    }

    /// <summary>The recipient as <c>age1…</c>.</summary>
    public override string ToString() => _text;

    internal override AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        var ephemeral = RandomNumberGenerator.GetBytes(Curve25519.Size);
        var share = Curve25519.PublicKey(ephemeral);
        var shared =
            Curve25519.Agree(ephemeral, _point)
            ?? throw new SlipwayException($"{_text} is no key that keeps a secret", "make a new one: age-keygen");
        var key = AgeCipher.Derive(shared, Salt(share), Label);
        return new([Kind, AgeBase64.Encode(share)], AgeCipher.Wrap(key, fileKey));
    }

    internal byte[] Salt(byte[] share) => [.. share, .. _point];
}

using System.Text;

namespace Slipway.Backups.Age;

/// <summary>The spelling of age's keys: letters and digits with a checksum (https://bips.xyz/173, without its limit of length).</summary>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumLength = 6;
    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>True for the characters behind the prefix, in lower case.</summary>
    public static bool IsLetter(char c) => Alphabet.Contains(c, StringComparison.Ordinal);

    /// <summary>Spells bytes in lower case.</summary>
    public static string Encode(string prefix, ReadOnlySpan<byte> value)
    {
        var digits = Regroup(value, 8, 5, pad: true)!;
        var sum = Sum(prefix, [.. digits, .. new byte[ChecksumLength]]) ^ 1;
        var text = new StringBuilder(prefix).Append('1');
        foreach (var digit in digits)
        {
            text.Append(Alphabet[digit]);
        }

        for (var place = ChecksumLength - 1; place >= 0; place--)
        {
            text.Append(Alphabet[(int)(sum >> (5 * place)) & 31]);
        }

        return text.ToString();
    }

    /// <summary>Reads a text in either case.</summary>
    /// <returns>Null when it was read; otherwise what is wrong with it, without a part of it.</returns>
    public static string? Decode(string text, out string prefix, out byte[] value)
    {
        (prefix, value) = ("", []);
        var lower = text.ToLowerInvariant();
        if (text != lower && text.Any(char.IsAsciiLetterLower))
        {
            return "mixes upper and lower case";
        }

        var separator = lower.LastIndexOf('1');
        if (separator < 1 || lower.Length - separator <= ChecksumLength)
        {
            return "is incomplete";
        }

        var digits = lower[(separator + 1)..].Select(c => Alphabet.IndexOf(c, StringComparison.Ordinal)).ToArray();
        if (digits.Contains(-1) || lower.Any(c => c is <= ' ' or > '~'))
        {
            return "has a character that no such key has";
        }

        var bytes = Array.ConvertAll(digits, digit => (byte)digit);
        if (Sum(lower[..separator], bytes) != 1)
        {
            return "has a wrong checksum: a character of it is mistyped, missing or too many";
        }

        prefix = lower[..separator];
        value = Regroup(bytes.AsSpan(..^ChecksumLength), 5, 8, pad: false) ?? [];
        return value.Length > 0 ? null : "is incomplete";
    }

    private static uint Sum(string prefix, ReadOnlySpan<byte> digits)
    {
        var sum = 1u;
        foreach (var c in prefix)
        {
            sum = Step(sum, (uint)c >> 5);
        }

        sum = Step(sum, 0);
        foreach (var c in prefix)
        {
            sum = Step(sum, c & 31u);
        }

        foreach (var digit in digits)
        {
            sum = Step(sum, digit);
        }

        return sum;
    }

    private static uint Step(uint sum, uint digit)
    {
        var top = sum >> 25;
        sum = ((sum & 0x1ffffff) << 5) ^ digit;
        for (var bit = 0; bit < Generator.Length; bit++)
        {
            sum ^= ((top >> bit) & 1) == 1 ? Generator[bit] : 0;
        }

        return sum;
    }

    // Null when bits are left over that the other spelling would not have.
    private static byte[]? Regroup(ReadOnlySpan<byte> from, int width, int wanted, bool pad)
    {
        var (bits, held) = (0u, 0);
        var to = new List<byte>((from.Length * width / wanted) + 1);
        foreach (var group in from)
        {
            bits = (bits << width) | group;
            held += width;
            while (held >= wanted)
            {
                held -= wanted;
                to.Add((byte)((bits >> held) & ((1u << wanted) - 1)));
            }

            bits &= (1u << held) - 1;
        }

        if (pad && held > 0)
        {
            to.Add((byte)(bits << (wanted - held)));
        }

        return pad || (held < width && bits == 0) ? [.. to] : null;
    }
}

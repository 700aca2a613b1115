using System.Buffers;
using System.Text;

namespace Slipway.Backups.Age;

/// <summary>Base64 without padding, of which every value has exactly one spelling.</summary>
internal static class AgeBase64
{
    private static readonly SearchValues<byte> Alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8
    );

    public static string Encode(ReadOnlySpan<byte> value) => Convert.ToBase64String(value).TrimEnd('=');

    /// <summary>The bytes; null when the text is anything but their one spelling.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1)
        {
            return null;
        }

        var written = Encoding.ASCII.GetString(text);
        var value = Convert.FromBase64String(written.PadRight((written.Length + 3) / 4 * 4, '='));
        return string.Equals(Encode(value), written, StringComparison.Ordinal) ? value : null;
    }
}

using System.Text;

namespace Slipway.Settings;

/// <summary>Breaks long lines at spaces.</summary>
internal static class WrappedText
{
    /// <summary>A line in as many as it needs; a word that is longer than a line stays whole.</summary>
    /// <param name="text">One line.</param>
    /// <param name="width">Most characters of a line.</param>
    /// <param name="indent">Spaces before every line but the first.</param>
    public static string Of(string text, int width, int indent)
    {
        var (lines, length, isFirst) = (new StringBuilder(), 0, true);
        foreach (var word in text.Split(' '))
        {
            if (length > indent && length + 1 + word.Length > width)
            {
                lines.Append('\n').Append(' ', indent);
                length = indent;
            }
            else if (!isFirst)
            {
                lines.Append(' ');
                length++;
            }

            lines.Append(word);
            length += word.Length;
            isFirst = false;
        }

        return lines.ToString();
    }
}

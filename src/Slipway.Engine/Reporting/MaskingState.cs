using System.Text;

namespace Nuke.Common.Reporting;

/// <summary>
/// Masks text that comes in pieces. The end of a piece is held back while it may be the beginning of a secret; texts that
/// overlap are masked as one.
/// </summary>
internal sealed class MaskingState
{
    private const string Mask = "***";
    private string _held = "";

    // How many of the held letters belong to a secret whose mask is written already.
    private int _hidden;

    public string Feed(MaskSet masks, ReadOnlySpan<char> piece, bool isLast)
    {
        if (_held.Length == 0 && _hidden == 0 && (masks.IsEmpty || piece.IndexOfAny(masks.FirstLetters) < 0))
        {
            return piece.ToString();
        }

        var text = _held.Length == 0 ? piece : string.Concat(_held, piece);
        var output = new StringBuilder(text.Length);
        var index = 0;
        while (index < text.Length)
        {
            var rest = text[index..];
            if (masks.FirstLetters.Contains(rest[0]))
            {
                if (!isLast && masks.MayBegin(rest))
                {
                    break;
                }

                Cover(masks.MatchAt(rest), output);
            }

            if (_hidden == 0)
            {
                output.Append(rest[0]);
            }
            else
            {
                _hidden--;
            }

            index++;
        }

        _held = text[index..].ToString();
        return output.ToString();
    }

    private void Cover(int length, StringBuilder output)
    {
        if (length > 0 && _hidden == 0)
        {
            output.Append(Mask);
        }

        _hidden = Math.Max(_hidden, length);
    }
}

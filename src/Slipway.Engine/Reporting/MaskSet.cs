using System.Buffers;

namespace Nuke.Common.Reporting;

/// <summary>The texts to mask at one moment, arranged for looking up.</summary>
internal sealed class MaskSet
{
    private readonly string[] _texts;

    public MaskSet(IEnumerable<string> texts)
    {
        _texts = [.. texts.Distinct(StringComparer.Ordinal)];
        FirstLetters = SearchValues.Create(_texts.Select(text => text[0]).Distinct().ToArray());
    }

    public static MaskSet Empty { get; } = new([]);

    public bool IsEmpty => _texts.Length == 0;

    public SearchValues<char> FirstLetters { get; }

    /// <summary>The length of the longest text that stands at the start, or 0.</summary>
    public int MatchAt(ReadOnlySpan<char> rest)
    {
        var length = 0;
        foreach (var text in _texts)
        {
            if (text.Length > length && rest.StartsWith(text, StringComparison.Ordinal))
            {
                length = text.Length;
            }
        }

        return length;
    }

    /// <summary>Whether what is left may be the beginning of a text that goes on in the next write.</summary>
    public bool MayBegin(ReadOnlySpan<char> rest)
    {
        foreach (var text in _texts)
        {
            if (text.Length > rest.Length && text.AsSpan().StartsWith(rest, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}

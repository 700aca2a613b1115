namespace Slipway.Migrations;

/// <summary>One statement of a file.</summary>
/// <param name="Text">The statement from its first word to the character before the semicolon.</param>
/// <param name="Line">The line of its first word, from 1.</param>
/// <param name="Words">Its first words outside quotes and comments, in upper case.</param>
internal sealed record SqlStatement(string Text, int Line, IReadOnlyList<string> Words)
{
    /// <summary>True when the statement begins with these words.</summary>
    public bool Begins(params ReadOnlySpan<string> words)
    {
        if (Words.Count < words.Length)
        {
            return false;
        }

        for (var i = 0; i < words.Length; i++)
        {
            if (!Words[i].Equals(words[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when one of the first words is this one.</summary>
    public bool Has(string word) => Words.Contains(word, StringComparer.Ordinal);
}

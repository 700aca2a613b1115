using System.Text;

namespace Slipway.Backups.Age;

/// <summary>Reads a header, and nothing that only resembles one.</summary>
internal ref struct AgeHeaderParser(ReadOnlySpan<byte> data)
{
    /// <summary>No header is longer; it has place for several hundred recipients.</summary>
    public const int Longest = 1 << 16;

    private const int MacLength = 43;
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    /// <summary>Reads the header at the start of a file.</summary>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="AgeException">There is none, or it is broken.</exception>
    public AgeHeader Parse(out int length)
    {
        ForeignFile.Refuse(_data);
        _position = AgeHeader.FirstLine.Length;
        var stanzas = new List<AgeStanza>();
        var line = Line();
        while (line.StartsWith("->"u8))
        {
            stanzas.Add(Stanza(line));
            line = Line();
        }

        var mac = line.StartsWith("--- "u8) && line.Length == 4 + MacLength ? AgeBase64.Decode(line[4..]) : null;
        if (mac is null || stanzas.Count == 0)
        {
            throw AgeException.Header(stanzas.Count == 0 ? "it names no recipient" : "its last line is malformed");
        }

        if (stanzas.Count > 1 && stanzas.Exists(stanza => stanza.Kind is PassphraseRecipient.Kind))
        {
            throw AgeException.Header("it names a passphrase beside other recipients");
        }

        length = _position;
        var authenticated = _data[..(_position - line.Length - 1 + AgeHeader.Footer.Length)];
        return new(stanzas, authenticated.ToArray(), mac);
    }

    private AgeStanza Stanza(ReadOnlySpan<byte> line)
    {
        var words = Encoding.Latin1.GetString(line).Split(' ')[1..];
        if (words.Length == 0 || words.Any(word => word.Length == 0 || word.Any(c => c is < '!' or > '~')))
        {
            throw AgeException.Header("the first line of a stanza is malformed");
        }

        var body = new List<byte>();
        for (var isLast = false; !isLast; )
        {
            line = Line();
            var part = line.Length <= AgeHeader.Columns ? AgeBase64.Decode(line) : null;
            body.AddRange(part ?? throw AgeException.Header("the body of a stanza is malformed"));
            isLast = line.Length < AgeHeader.Columns;
        }

        return new(words, [.. body]);
    }

    private ReadOnlySpan<byte> Line()
    {
        var rest = _data[_position..];
        var length = rest.IndexOf((byte)'\n');
        if (length < 0)
        {
            throw AgeException.Header(
                _data.Length < Longest ? "it is cut off" : $"it does not end within {Longest} bytes"
            );
        }

        _position += length + 1;
        return rest[..length];
    }
}

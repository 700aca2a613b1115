using System.Text;

namespace Slipway.Backups;

/// <summary>A table of text whose lines fit a terminal; the last column is broken where it is too long.</summary>
/// <param name="header">Names of the columns; those that end with <c>&gt;</c> are set to the right.</param>
internal sealed class TextTable(params IReadOnlyList<string> header)
{
    private const int Width = 100;
    private const string Lead = "  ";
    private readonly List<(IReadOnlyList<string> Cells, string? Below)> _rows = [];

    /// <summary>The lines of rows with nothing below them, without the last line's end.</summary>
    public static string Of(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new TextTable(header);
        foreach (var row in rows)
        {
            table.Add(row);
        }

        return table.ToString().TrimEnd('\n');
    }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">Its cells.</param>
    /// <param name="below">What stands below it, set in; null for nothing.</param>
    public void Add(IReadOnlyList<string> cells, string? below = null) => _rows.Add((cells, below));

    /// <summary>The lines.</summary>
    public override string ToString()
    {
        var names = header.Select(name => name.TrimEnd('>')).ToList();
        var widths = names
            .Select((name, place) => _rows.Select(row => row.Cells[place].Length).Append(name.Length).Max())
            .ToList();
        var text = new StringBuilder();
        foreach (var (cells, below) in _rows.Prepend((names, null)))
        {
            Append(text, cells, widths);
            if (below is not null)
            {
                AppendBroken(text, below, Lead.Length * 2);
            }
        }

        return text.ToString();
    }

    private void Append(StringBuilder text, IReadOnlyList<string> cells, List<int> widths)
    {
        var line = new StringBuilder(Lead);
        for (var place = 0; place < cells.Count - 1; place++)
        {
            var cell = cells[place];
            line.Append(header[place].EndsWith('>') ? cell.PadLeft(widths[place]) : cell.PadRight(widths[place]));
            line.Append(Lead);
        }

        text.Append(line);
        AppendBroken(text, cells[^1], line.Length, started: true);
    }

    private static void AppendBroken(StringBuilder text, string value, int indent, bool started = false)
    {
        var at = indent;
        text.Append(' ', started ? 0 : indent);
        foreach (var word in value.ReplaceLineEndings(" ").Split(' '))
        {
            var gap = at == indent ? 0 : 1;
            if (gap > 0 && at + gap + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                (at, gap) = (indent, 0);
            }

            text.Append(' ', gap).Append(word);
            at += gap + word.Length;
        }

        TrimEnd(text);
        text.Append('\n');
    }

    private static void TrimEnd(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] == ' ')
        {
            text.Length--;
        }
    }
}

using System.Text;

namespace Slipway.Health;

/// <summary>Counts lines and keeps an excerpt of those that mark an error.</summary>
internal sealed class LogTally(IReadOnlyList<string> errors, int mostExcerpts, int longestExcerpt)
{
    private readonly List<string> _excerpt = [];
    private int _lines;
    private int _errors;

    public async Task ReadAsync(FileStream file, long from, CancellationToken cancellationToken)
    {
        file.Position = from;
        using var reader = new StreamReader(file, Encoding.UTF8, true, 1 << 16, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            Add(line);
        }
    }

    public LogFindings Findings(string? gap) => new(null, _lines, _errors, _excerpt, gap);

    private void Add(string line)
    {
        if (line.Length == 0)
        {
            return;
        }

        _lines++;
        if (!errors.Any(error => line.Contains(error, StringComparison.Ordinal)))
        {
            return;
        }

        _errors++;
        if (_excerpt.Count < mostExcerpts)
        {
            _excerpt.Add(line.Length > longestExcerpt ? $"{line[..(longestExcerpt - 1)]}…" : line);
        }
    }
}

using System.Text;
using System.Text.RegularExpressions;
using Nuke.Common.Execution;

namespace Nuke.Common.Reporting;

/// <summary>Copies what is printed into the run's log: whole lines, without colours and without progress that was overwritten.</summary>
internal sealed partial class LogCopy(EngineSession session)
{
    private readonly StringBuilder _line = new();

    public void Add(ReadOnlySpan<char> text)
    {
        if (session.Log is not { } log)
        {
            return;
        }

        for (var end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n'))
        {
            _line.Append(text[..end]);
            Write(log, _line.ToString());
            _line.Clear();
            text = text[(end + 1)..];
        }

        _line.Append(text);
    }

    private void Write(LogFile log, string line)
    {
        var plain = ColourPattern().Replace(line, "").TrimEnd('\r', ' ');
        var shown = plain[(plain.LastIndexOf('\r') + 1)..];
        if (shown.Length > 0)
        {
            log.Write(session.RunningTarget, shown);
        }
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ColourPattern();
}

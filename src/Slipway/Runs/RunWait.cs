namespace Slipway.Runs;

/// <summary>Shows what is waited for: on a terminal one line that lives, elsewhere a line now and then.</summary>
public sealed class RunWait : IDisposable
{
    private const int Width = 79;
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan InLog = TimeSpan.FromSeconds(15);
    private readonly TextWriter _writer;
    private readonly bool _interactive;
    private readonly TimeProvider _time;
    private readonly string _what;
    private readonly TimeSpan _limit;
    private readonly long _started;
    private long _shown;
    private string? _reason;
    private int _width;

    internal RunWait(TextWriter writer, bool interactive, TimeProvider time, string what, TimeSpan limit)
    {
        (_writer, _interactive, _time, _what, _limit) = (writer, interactive, time, what, limit);
        _started = _shown = time.GetTimestamp();
    }

    /// <summary>Tells why the waiting goes on; prints only as often as a person can read.</summary>
    public void Report(string reason)
    {
        var elapsed = _time.GetElapsedTime(_started);
        var isNew = !reason.Equals(_reason, StringComparison.Ordinal);
        if (!isNew && _time.GetElapsedTime(_shown) < (_interactive ? OnTerminal : InLog))
        {
            return;
        }

        (_shown, var first, _reason) = (_time.GetTimestamp(), _reason is null, reason);
        var sofar = $"{RunOutput.Duration(elapsed)} of {RunOutput.Duration(_limit)}";
        if (!_interactive)
        {
            _writer.WriteLine(first ? $"  {_what}: {reason}" : $"  {_what}: {reason} ({sofar})");
            return;
        }

        var line = $"  {_what}, {sofar}: {reason}";
        line = line.Length > Width ? $"{line[..(Width - 1)]}…" : line;
        _writer.Write($"\r{line.PadRight(_width)}");
        _width = line.Length;
    }

    /// <summary>Clears the line on a terminal.</summary>
    public void Dispose()
    {
        if (_width > 0)
        {
            _writer.Write($"\r{new string(' ', _width)}\r");
            _width = 0;
        }
    }
}

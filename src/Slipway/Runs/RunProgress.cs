namespace Slipway.Runs;

/// <summary>Shows how far long work has come: amount, rate and time left.</summary>
public sealed class RunProgress : IDisposable
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan InLog = TimeSpan.FromSeconds(10);
    private readonly TextWriter _writer;
    private readonly bool _interactive;
    private readonly TimeProvider _time;
    private readonly string _what;
    private readonly long? _total;
    private readonly Func<long, string> _unit;
    private readonly long _started;
    private long _shown;
    private int _width;

    internal RunProgress(
        TextWriter writer,
        bool interactive,
        TimeProvider time,
        string what,
        long? total,
        Func<long, string> unit
    )
    {
        (_writer, _interactive, _time, _what, _total, _unit) = (writer, interactive, time, what, total, unit);
        _started = _shown = time.GetTimestamp();
    }

    /// <summary>Tells how much is done; prints only as often as a person can read.</summary>
    public void Report(long done)
    {
        if (_time.GetElapsedTime(_shown) < (_interactive ? OnTerminal : InLog))
        {
            return;
        }

        _shown = _time.GetTimestamp();
        var line = Text(done, _time.GetElapsedTime(_started));
        if (_interactive)
        {
            _writer.Write($"\r{line.PadRight(_width)}");
            _width = line.Length;
        }
        else
        {
            _writer.WriteLine(line);
        }
    }

    /// <summary>Clears the line on a terminal.</summary>
    public void Dispose()
    {
        if (_width > 0)
        {
            _writer.Write($"\r{new string(' ', _width)}\r");
        }
    }

    internal string Text(long done, TimeSpan elapsed)
    {
        var rate = elapsed.TotalSeconds > 0 ? done / elapsed.TotalSeconds : 0;
        var speed = $"  {_what}  {_unit(done)}";
        if (_total is { } total)
        {
            speed += $" of {_unit(total)}";
        }

        speed += $"  {_unit((long)rate)}/s";
        return _total is { } all && rate > 0 && all > done
            ? $"{speed}  {RunOutput.Duration(TimeSpan.FromSeconds((all - done) / rate))} left"
            : speed;
    }
}

using System.Globalization;
using System.Text;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Serilog.Events;

namespace Nuke.Common.Reporting;

/// <summary>The log of one run, under a name that no other run uses; the newest ten are kept.</summary>
internal sealed class LogFile : IDisposable
{
    private const int Kept = 10;
    private readonly TimeProvider _time;
    private readonly MaskingWriter _writer;
    private readonly StreamWriter _stream;
    private readonly Lock _lock = new();
    private bool _isClosed;

    private LogFile(AbsolutePath path, EngineSession session)
    {
        Path = path;
        _time = session.Input.Time;
        _stream = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = true,
        };
        _writer = new(_stream, session.Masks, announces: false);
    }

    public AbsolutePath Path { get; }

    /// <summary>Opens the file, or returns null where the folder cannot be written: a log is no reason to fail.</summary>
    public static LogFile? TryOpen(EngineSession session)
    {
        try
        {
            var folder = (session.Root / ".nuke" / "temp").CreateDirectory();
            var time = session.Input.Time.GetLocalNow();
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"build.{time:yyyy-MM-dd_HH-mm-ss.fff}.{session.Input.ProcessId}.log"
            );
            foreach (
                var old in folder
                    .GetFiles("build.*.log")
                    .OrderByDescending(file => file.Name, StringComparer.Ordinal)
                    .Skip(Kept - 1)
            )
            {
                old.DeleteFile();
            }

            return new(folder / name, session);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a log message, with all that is known of its exception.</summary>
    public void Write(string? target, LogEvent logEvent)
    {
        var text = new StringBuilder(Line(MessageText.Level(logEvent.Level)[0], target, MessageText.Of(logEvent)));
        if (logEvent.Exception is { } exception)
        {
            text.Append(_writer.NewLine).Append(exception);
            if (FailureFacts.Of(exception).Hint is { } hint)
            {
                text.Append(_writer.NewLine).Append("HINT: ").Append(hint);
            }
        }

        Write(text.ToString());
    }

    /// <summary>Writes a line that was printed.</summary>
    public void Write(string? target, string line) => Write(Line(' ', target, line));

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            try
            {
                _writer.Complete();
                _writer.Dispose();
                _stream.Dispose();
            }
            catch (IOException)
            {
                // What is missing could not be written before either.
            }
        }
    }

    private string Line(char level, string? target, string text) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_time.GetLocalNow():HH:mm:ss.fff} | {level} | {target, -20} | {text}"
        );

    // A log is no reason to fail: on a full disk it ends, and the run goes on.
    private void Write(string text)
    {
        lock (_lock)
        {
            try
            {
                if (!_isClosed)
                {
                    _writer.WriteLine(text);
                }
            }
            catch (IOException)
            {
                _isClosed = true;
            }
        }
    }
}

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

    public void Write(string? target, LogEvent logEvent)
    {
        var time = _time.GetLocalNow();
        _writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{time:HH:mm:ss.fff} | {MessageText.Level(logEvent.Level)[0]} | {target, -20} | {MessageText.Of(logEvent)}"
            )
        );
        if (logEvent.Exception is { } exception)
        {
            _writer.WriteLine(exception.ToString());
            if (FailureFacts.Of(exception).Hint is { } hint)
            {
                _writer.WriteLine($"HINT: {hint}");
            }
        }
    }

    public void Dispose()
    {
        _writer.Complete();
        _writer.Dispose();
        _stream.Dispose();
    }
}

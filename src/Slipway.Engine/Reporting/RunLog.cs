using System.Globalization;
using Nuke.Common.Execution;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Nuke.Common.Reporting;

/// <summary>Receives every log message: console by verbosity, file always, warnings and errors kept for the end.</summary>
internal sealed class RunLog(EngineSession session, RunConsole console, LogFile? file) : ILogEventSink
{
    private readonly List<(string? Target, LogEvent Event)> _kept = [];
    private readonly Lock _lock = new();

    public IReadOnlyList<(string? Target, LogEvent Event)> Kept
    {
        get
        {
            lock (_lock)
            {
                return [.. _kept];
            }
        }
    }

    public ILogger CreateLogger() => new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(this).CreateLogger();

    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            file?.Write(session.RunningTarget, logEvent);
            if (logEvent.Level >= LogEventLevel.Warning)
            {
                _kept.Add((session.RunningTarget, logEvent));
            }

            if (logEvent.Level >= Least(session.Verbosity))
            {
                console.Log(logEvent);
            }
        }
    }

    /// <summary>The kept messages as the end of the run names them: a line each, because all of it was said where it happened.</summary>
    public IEnumerable<string> Repeat()
    {
        foreach (var (target, logEvent) in Kept)
        {
            var facts = logEvent.Exception is { } exception ? FailureFacts.Of(exception) : null;
            var text = facts?.FirstLine ?? MessageText.Of(logEvent);
            var where = target is null ? "" : $"{target}: ";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"[{MessageText.Level(logEvent.Level)}] {where}{text}"
            );
        }
    }

    private static LogEventLevel Least(Verbosity verbosity) =>
        verbosity switch
        {
            Verbosity.Verbose => LogEventLevel.Verbose,
            Verbosity.Normal => LogEventLevel.Debug,
            Verbosity.Minimal => LogEventLevel.Warning,
            _ => LogEventLevel.Error,
        };
}

using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace Nuke.Common.Output;

/// <summary>Writes Serilog's events as lines.</summary>
internal sealed class LineSink(TextWriter console, TextWriter log) : ILogEventSink
{
    public void Emit(LogEvent logEvent)
    {
        var level = logEvent.Level switch
        {
            LogEventLevel.Warning => "WRN",
            LogEventLevel.Error or LogEventLevel.Fatal => "ERR",
            LogEventLevel.Information => "INF",
            _ => "DBG",
        };
        var text = logEvent.RenderMessage(CultureInfo.InvariantCulture);
        var line = string.Create(CultureInfo.InvariantCulture, $"{logEvent.Timestamp:HH:mm:ss} [{level}] {text}");
        log.WriteLine(logEvent.Exception is null ? line : $"{line}\n{logEvent.Exception}");
        if (logEvent.Level >= LogEventLevel.Information)
        {
            console.WriteLine(line);
        }
    }
}

using System.Text.Json;

namespace SampleApp;

/// <summary>Writes one JSON object a line to a file; several releases may append to it at once.</summary>
internal sealed class JsonLog : ILoggerProvider
{
    private readonly FileStream _file;
    private readonly Lock _lock = new();

    public JsonLog(string path) =>
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1);

    public ILogger CreateLogger(string categoryName) => new Writer(this);

    public void Dispose() => _file.Dispose();

    private void Write(LogLevel level, string message, Exception? exception)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", TimeProvider.System.GetUtcNow());
            json.WriteString(
                "level",
                level switch
                {
                    LogLevel.Error or LogLevel.Critical => "error",
                    LogLevel.Warning => "warning",
                    _ => "info",
                }
            );
            json.WriteString("message", message);
            if (exception is not null)
            {
                json.WriteString("error", $"{exception.GetType().Name}: {exception.Message}");
            }

            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        lock (_lock)
        {
            _file.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
        }
    }

    private sealed class Writer(JsonLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => log.Write(logLevel, formatter(state, exception), exception);
    }
}

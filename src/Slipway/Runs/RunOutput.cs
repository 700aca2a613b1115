using System.Globalization;

namespace Slipway.Runs;

/// <summary>What a person sees while a run goes on: lines, and progress of long work.</summary>
/// <param name="writer">Where it goes; secrets are masked behind it.</param>
/// <param name="interactive">True on a terminal: progress rewrites its line. Otherwise it prints a line every ten seconds.</param>
/// <param name="time">The clock.</param>
public sealed class RunOutput(TextWriter writer, bool interactive, TimeProvider time)
{
    /// <summary>The clock that durations are measured with.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Prints a line.</summary>
    public void Line(string text) => writer.WriteLine(text);

    /// <summary>Prints a warning.</summary>
    public void Warn(string text) => writer.WriteLine($"WARNING: {text}");

    /// <summary>Begins to show the progress of long work; dispose it at the end.</summary>
    /// <param name="what">What is being done, such as <c>dump notes</c>.</param>
    /// <param name="total">Bytes or rows expected; null when unknown.</param>
    /// <param name="unit">Shows an amount, for example <see cref="Bytes"/>.</param>
    public RunProgress Progress(string what, long? total, Func<long, string> unit) =>
        new(writer, interactive, Time, what, total, unit);

    /// <summary>An amount of bytes for people: <c>12.3 MB</c>; units of 1000.</summary>
    public static string Bytes(long bytes) =>
        bytes switch
        {
            < 1000 => $"{bytes} B",
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
            < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
        };

    /// <summary>A duration for people: <c>0.4 s</c>, <c>12 s</c>, <c>3:05 min</c>, <c>2:10 h</c>.</summary>
    public static string Duration(TimeSpan span) =>
        span.TotalSeconds switch
        {
            < 10 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}:{span.Seconds:00} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00} h"),
        };
}

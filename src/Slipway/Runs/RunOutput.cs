using System.Globalization;
using Slipway.Settings;

namespace Slipway.Runs;

/// <summary>What a person sees while a run goes on: lines, and progress of long work.</summary>
/// <param name="writer">Where it goes; secrets are masked behind it.</param>
/// <param name="interactive">True on a terminal: progress rewrites its line and long lines are broken. Otherwise a line is printed now and then.</param>
/// <param name="time">The clock.</param>
public sealed class RunOutput(TextWriter writer, bool interactive, TimeProvider time)
{
    private const int Width = 100;

    /// <summary>The clock that durations are measured with.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>What starts the build as it was started, in place of <c>./build.sh</c> in commands that are printed.</summary>
    public string Command { get; init; } = "./build.sh";

    /// <summary>Prints lines; on a terminal a long one is broken at spaces, under its own beginning.</summary>
    public void Line(string text) =>
        writer.WriteLine(interactive ? string.Join('\n', Commands(text).Split('\n').Select(Fitting)) : Commands(text));

    /// <summary>Prints a line as it is, such as another program's.</summary>
    public void Raw(string text) => writer.WriteLine(text);

    /// <summary>Prints a warning.</summary>
    public void Warn(string text) => Line($"WARNING: {text}");

    /// <summary>Begins to show that something is waited for; dispose it at the end.</summary>
    /// <param name="what">What is waited for, such as <c>waiting for http://127.0.0.1/health</c>.</param>
    /// <param name="limit">How long at most.</param>
    public RunWait Wait(string what, TimeSpan limit) => new(writer, interactive, Time, what, limit);

    /// <summary>Begins to show the progress of long work; dispose it at the end.</summary>
    /// <param name="what">What is being done, such as <c>dump notes</c>.</param>
    /// <param name="total">Bytes or rows expected; null when unknown.</param>
    /// <param name="unit">Shows an amount, for example <see cref="Bytes"/>.</param>
    public RunProgress Progress(string what, long? total, Func<long, string> unit) =>
        new(writer, interactive, Time, what, total, unit);

    private string Commands(string text) => text.Replace("./build.sh ", $"{Command} ", StringComparison.Ordinal);

    private static string Fitting(string line) =>
        line.Length > Width ? WrappedText.Of(line, Width, Indent(line)) : line;

    // Behind a word of its own, as in "  State   release …", and behind its spaces otherwise.
    private static int Indent(string text)
    {
        var spaces = text.Length - text.TrimStart(' ').Length;
        var word = text.IndexOf(' ', spaces);
        var rest = word < 0 ? spaces : text.Length - text[word..].TrimStart(' ').Length;
        return rest - word > 1 && rest < 20 ? rest : spaces + 2;
    }

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

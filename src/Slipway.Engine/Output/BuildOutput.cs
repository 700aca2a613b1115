using System.Collections.Concurrent;
using System.Globalization;
using Nuke.Common.Execution;

namespace Nuke.Common.Output;

/// <summary>What the engine itself prints: on a terminal, in a log, and on GitHub.</summary>
internal sealed class BuildOutput(TextWriter console, TextWriter log, bool colour, bool gitHub, string root)
{
    private readonly ConcurrentDictionary<string, byte> _announced = new(StringComparer.Ordinal);

    /// <summary>Tells GitHub to hide a value too.</summary>
    public void Hide(string secret)
    {
        if (gitHub && _announced.TryAdd(secret, 0))
        {
            // Past the masking writer: the command has to carry the value itself.
            console.Flush();
            RawGitHub?.Invoke($"::add-mask::{Escape(secret)}");
        }
    }

    /// <summary>Writes a GitHub command with its secrets; set where the console is made.</summary>
    public Action<string>? RawGitHub { get; init; }

    public void Line(string text)
    {
        console.WriteLine(text);
        log.WriteLine(text);
    }

    public void Starts(ExecutableTarget target)
    {
        if (gitHub)
        {
            console.WriteLine($"::group::{target.Name}");
        }
        else
        {
            console.WriteLine();
            console.WriteLine(
                Paint("1;36", $"═══ {target.Name} {new string('═', Math.Max(3, 60 - target.Name.Length))}")
            );
        }

        log.WriteLine($"=== {target.Name}");
    }

    public void Ends(ExecutableTarget target)
    {
        if (gitHub)
        {
            console.WriteLine("::endgroup::");
        }
    }

    public void Failure(ExecutableTarget target, Exception exception, TargetFailure failure, bool aborted)
    {
        var word = aborted ? "was interrupted" : "failed";
        console.WriteLine(
            Paint("1;31", $"✗ {target.Name} {word}: {(aborted ? "" : failure.Message)}".TrimEnd(' ', ':'))
        );
        if (failure.Hint is not null)
        {
            console.WriteLine($"HINT: {failure.Hint}");
        }
        else if (!aborted)
        {
            console.WriteLine(exception.StackTrace);
        }

        log.WriteLine($"{target.Name} {word}: {exception}");
        if (gitHub && !aborted)
        {
            console.WriteLine(
                $"::error {Place(exception)}title={Property(target.Name)} failed::{Escape(failure.Message)}"
            );
        }
    }

    public void Problems(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
        {
            console.WriteLine(Paint("1;31", $"✗ {problem}"));
            log.WriteLine(problem);
            if (gitHub)
            {
                console.WriteLine($"::error ::{Escape(problem)}");
            }
        }
    }

    public void Summary(IReadOnlyCollection<ExecutableTarget> plan, bool succeeded, DateTimeOffset now)
    {
        var table = SummaryTable.Text(plan);
        console.WriteLine();
        console.Write(colour ? SummaryTable.Coloured(table) : table);
        log.Write(table);
        var end = string.Create(
            CultureInfo.InvariantCulture,
            $"Build {(succeeded ? "succeeded" : "failed")} on {now:yyyy-MM-dd HH:mm:ss zzz}."
        );
        console.WriteLine(Paint(succeeded ? "1;32" : "1;31", end));
        log.WriteLine(end);
        console.Flush();
    }

    private string Paint(string code, string text) => colour ? $"\u001b[{code}m{text}\u001b[0m" : text;

    private string Place(Exception exception)
    {
        var frame = new System.Diagnostics.StackTrace(exception, fNeedFileInfo: true)
            .GetFrames()
            .FirstOrDefault(frame => frame.GetFileName() is not null);
        return frame is null
            ? ""
            : $"file={Property(Path.GetRelativePath(root, frame.GetFileName()!))},line={frame.GetFileLineNumber()},";
    }

    private static string Escape(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Escape(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}

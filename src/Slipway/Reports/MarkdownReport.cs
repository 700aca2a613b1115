using System.Text;
using Slipway.Runs;

namespace Slipway.Reports;

/// <summary>A run's record as a page to read.</summary>
public static class MarkdownReport
{
    private static readonly string[] Known = ["step", "outcome", "duration", "summary", "error", "hint"];

    /// <summary>Makes the page; it holds nothing that the record does not.</summary>
    public static string Text(RunRecord record)
    {
        var end = record.Events.LastOrDefault(item => item.Type == RunEvent.RunFinished);
        var text = new StringBuilder();
        text.Append("# ")
            .Append(Escape(record.Started("asked")))
            .Append(": release ")
            .Append(Escape(record.Started("release")))
            .Append(", environment ")
            .Append(Escape(record.Started("environment")))
            .Append(": ")
            .Append(Escape(end?["outcome"] ?? "not ended"))
            .Append("\n\n");
        text.Append("| | |\n|---|---|\n");
        Row(text, "run", record.Id.Value);
        Row(text, "commit", record.Started("commit"));
        Row(text, "by", record.Started("operator"));
        foreach (var name in new[] { "state", "undone", "next", "exit code" })
        {
            Row(text, name, end?[name]);
        }

        text.Append("\n| step | outcome | duration | evidence |\n|---|---|---|---|\n");
        foreach (var step in record.Steps)
        {
            text.Append($"| {step["step"]} | {step["outcome"]} | {step["duration"]} | {Escape(step["summary"])} |\n");
        }

        foreach (var step in record.Steps)
        {
            Evidence(text, step);
        }

        return text.ToString();
    }

    private static void Evidence(StringBuilder text, RunEvent step)
    {
        var facts = step.Facts.Where(fact => !Known.Contains(fact.Key)).ToList();
        if (step["error"] is { } error)
        {
            text.Append($"\n## {step["step"]} failed\n\n");
            text.Append(string.Concat(error.Split('\n').Select(line => $"    {line}\n")));
            text.Append($"\nHINT: {Escape(step["hint"])}\n");
        }
        else if (facts.Count > 0)
        {
            text.Append($"\n## {step["step"]}\n\n| | |\n|---|---|\n");
            facts.ForEach(fact => Row(text, fact.Key, fact.Value));
        }
    }

    private static void Row(StringBuilder text, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Append($"| {Escape(name)} | {Escape(value)} |\n");
        }
    }

    private static string Escape(string? value) =>
        (value ?? "")
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("`", "\\`", StringComparison.Ordinal)
            .ReplaceLineEndings("<br>");
}

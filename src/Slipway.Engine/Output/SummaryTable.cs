using System.Globalization;
using System.Text;
using Nuke.Common.Execution;

namespace Nuke.Common.Output;

/// <summary>The table at the end of a run: target, status, duration and evidence, in 100 columns.</summary>
internal static class SummaryTable
{
    private const int Width = 100;

    public static string Text(IReadOnlyCollection<ExecutableTarget> plan)
    {
        var listed = plan.Where(target => target.Status is not (ExecutionStatus.Collective or ExecutionStatus.None))
            .ToList();
        var name = Math.Max(14, listed.Select(target => target.Name.Length).DefaultIfEmpty().Max() + 2);
        var indent = name + 22;
        var table = new StringBuilder();
        table.Append('═', Width).Append('\n');
        table.Append("Target".PadRight(name)).Append("Status      Duration  Evidence\n");
        table.Append('─', Width).Append('\n');
        foreach (var target in listed)
        {
            var evidence = Wrap(Evidence(target), Width - indent);
            var row = $"{target.Name.PadRight(name)}{target.Status, -10}{Duration(target), 10}";
            table.Append($"{row}  {evidence[0]}".TrimEnd()).Append('\n');
            foreach (var line in evidence.Skip(1))
            {
                table.Append(' ', indent).Append(line).Append('\n');
            }
        }

        var total = listed.Aggregate(TimeSpan.Zero, (sum, target) => sum + target.Duration);
        table.Append('─', Width).Append('\n');
        table.Append("Total".PadRight(name + 10)).Append(CultureInfo.InvariantCulture, $"{Clock(total), 10}\n");
        table.Append('═', Width).Append('\n');
        return table.ToString();
    }

    /// <summary>The table as Markdown, for GitHub's job summary.</summary>
    public static string Markdown(IReadOnlyCollection<ExecutableTarget> plan)
    {
        var rows = plan.Where(target => target.Status is not (ExecutionStatus.Collective or ExecutionStatus.None))
            .Select(target =>
                $"| {target.Name} | {target.Status} | {Duration(target)} | {Evidence(target).Replace("|", "\\|", StringComparison.Ordinal)} |\n"
            );
        return "| Target | Status | Duration | Evidence |\n|---|---|---|---|\n" + string.Concat(rows);
    }

    public static string Coloured(string table) =>
        table
            .Replace(" Succeeded", " \u001b[32mSucceeded\u001b[0m", StringComparison.Ordinal)
            .Replace(" Failed", " \u001b[31mFailed\u001b[0m", StringComparison.Ordinal)
            .Replace(" Aborted", " \u001b[31mAborted\u001b[0m", StringComparison.Ordinal);

    private static string Evidence(ExecutableTarget target)
    {
        var pairs = target.SummaryInformation.Select(pair =>
            pair.Key.Length == 0 ? pair.Value : $"{pair.Key}: {pair.Value}"
        );
        var skipped = target.OnlyWhen is { } condition ? $"only when {condition}" : target.Skipped;
        return string.Join("; ", skipped is null ? pairs : pairs.Prepend(skipped)).ReplaceLineEndings(" ");
    }

    private static string Duration(ExecutableTarget target) =>
        target.Status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Aborted
            ? Clock(target.Duration)
            : "";

    private static string Clock(TimeSpan span) =>
        span < TimeSpan.FromSeconds(1)
            ? "< 1sec"
            : string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}:{span.Seconds:00}");

    private static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
            while (line.Length > width)
            {
                lines.Add(line[..width]);
                line = line[width..];
            }
        }

        lines.Add(line);
        return lines;
    }
}

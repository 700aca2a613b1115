using System.Globalization;
using System.Text;
using Nuke.Common.Execution;

namespace Nuke.Common.Reporting;

/// <summary>The table at the end of a run, for a person and for the job summary.</summary>
internal static class ResultTable
{
    private const int Width = 100;
    private const int StatusWidth = 10;
    private const int DurationWidth = 10;

    // Masked before it is wrapped and escaped: what is torn apart is not recognised any more.
    public static IEnumerable<string> Lines(IReadOnlyCollection<ExecutableTarget> plan, Ansi ansi, MaskStore masks)
    {
        var rows = Rows(plan, masks);
        var nameWidth = Math.Min(40, Math.Max(rows.Select(row => row.Name.Length + 4).DefaultIfEmpty().Max(), 19));
        var indent = nameWidth + StatusWidth + DurationWidth + 3;
        var evidence = rows.ConvertAll(row => Evidence(row.Status, row.Evidence, Width - indent));
        var longest = evidence.SelectMany(lines => lines).Select(line => line.Length).DefaultIfEmpty().Max();
        var rule = longest == 0 ? indent - 3 : Math.Min(Width, indent + Math.Max(longest, "Evidence".Length));

        yield return new string('═', rule);
        yield return (
            "Target".PadRight(nameWidth)
            + "Status".PadRight(StatusWidth)
            + "Duration".PadLeft(DurationWidth)
            + (longest == 0 ? "" : "   Evidence")
        );
        yield return new string('─', rule);
        for (var index = 0; index < rows.Count; index++)
        {
            var row = rows[index];
            var status = Colour(row.Status, row.Status.ToString().PadRight(StatusWidth), ansi);
            var first = evidence[index].FirstOrDefault() ?? "";
            yield return $"{Fit(row.Name, nameWidth)}{status}{row.Duration, DurationWidth}   {first}".TrimEnd();
            foreach (var more in evidence[index].Skip(1))
            {
                yield return new string(' ', indent) + more;
            }
        }

        yield return new string('─', rule);
        var total = Text(TimeSpan.FromTicks(plan.Sum(target => target.Duration.Ticks)));
        yield return "Total".PadRight(nameWidth + StatusWidth) + total.PadLeft(DurationWidth);
        yield return new string('═', rule);
    }

    public static string Markdown(IReadOnlyCollection<ExecutableTarget> plan, MaskStore masks)
    {
        var text = new StringBuilder("| Target | Status | Duration | Evidence |\n|---|---|--:|---|\n");
        foreach (var row in Rows(plan, masks))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {Cell(row.Name)} | {row.Status} | {row.Duration} | {Cell(row.Evidence)} |\n"
            );
        }

        return text.ToString();
    }

    public static string Text(TimeSpan duration) =>
        duration < TimeSpan.FromSeconds(1)
            ? "< 1sec"
            : string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes}:{duration.Seconds:00}");

    internal static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = word;
            if (line.Length > 0 && line.Length + 1 + rest.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            while (rest.Length > width)
            {
                yield return rest[..width];
                rest = rest[width..];
            }

            line.Append(line.Length > 0 ? " " : "").Append(rest);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    // What failed was told in full above; here it is only named.
    private static List<string> Evidence(ExecutionStatus status, string text, int width)
    {
        var lines = Wrap(text, width).ToList();
        return status is ExecutionStatus.Failed && lines.Count > 1 ? [$"{Wrap(text, width - 2).First()} …"] : lines;
    }

    private static List<(string Name, ExecutionStatus Status, string Duration, string Evidence)> Rows(
        IReadOnlyCollection<ExecutableTarget> plan,
        MaskStore masks
    ) =>
        [
            .. plan.Where(target => target.Status != ExecutionStatus.Collective)
                .Select(target => (target.Name, target.Status, DurationOf(target), masks.Mask(EvidenceOf(target)))),
        ];

    private static string DurationOf(ExecutableTarget target) =>
        target.Status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Aborted
            ? Text(target.Duration)
            : "";

    private static string EvidenceOf(ExecutableTarget target)
    {
        var pairs = target.SummaryInformation.Select(pair =>
            pair.Key.Length == 0 ? pair.Value : $"{pair.Key}: {pair.Value}"
        );
        if (target.Status == ExecutionStatus.Skipped)
        {
            pairs = target.OnlyWhen is { } condition ? pairs.Append($"OnlyWhen: {condition}") : pairs;
            pairs = target.Skipped is { } reason ? pairs.Append(reason) : pairs;
        }

        return string.Join(", ", pairs);
    }

    private static string Fit(string name, int width) =>
        name.Length < width ? name.PadRight(width) : string.Concat(name.AsSpan(0, width - 2), "… ");

    private static string Colour(ExecutionStatus status, string text, Ansi ansi) =>
        status switch
        {
            ExecutionStatus.Succeeded => ansi.Green(text),
            ExecutionStatus.Failed or ExecutionStatus.Aborted => ansi.Red(text),
            ExecutionStatus.NotRun => ansi.Yellow(text),
            _ => ansi.Grey(text),
        };

    private static string Cell(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .ReplaceLineEndings("<br>");
}

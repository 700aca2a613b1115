using System.Text;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Prints the status of migrations.</summary>
internal static class MigrationStatusTable
{
    private const int Width = 100;
    private const int Shown = 5;

    /// <summary>A line for every migration, no longer than 100 characters; of a long row of applied ones the last few.</summary>
    public static string Text(MigrationStatus status)
    {
        var text = new StringBuilder(Summary(status)).Append('\n');
        var name = Math.Min(48, status.Entries.Select(entry => entry.Name.Length).DefaultIfEmpty(0).Max());
        var applied = status.Entries.TakeWhile(entry => entry.Condition is MigrationCondition.Applied).Count();
        var hidden = applied > Shown + 1 ? applied - Shown : 0;
        if (hidden > 0)
        {
            text.Append("  … ").Append(hidden).Append(" older ones, applied and unchanged\n");
        }

        foreach (var entry in status.Entries.Skip(hidden))
        {
            var lead = $"  {Cut(entry.Name, name).PadRight(name)}  {Word(entry.Condition), -12}  ";
            text.Append((lead + Cut(entry.Detail, Width - lead.Length)).TrimEnd()).Append('\n');
        }

        foreach (var entry in status.Entries.Where(entry => entry.Blocks || entry.IsInterrupted))
        {
            var remedy = entry.Remedy.Length > 0 ? $" → {entry.Remedy}" : "";
            text.Append('\n').Append(WrappedText.Of($"{entry.Name} {entry.Detail}{remedy}", Width, 2)).Append('\n');
        }

        if (status.Unknown is { } unknown)
        {
            text.Append('\n').Append(WrappedText.Of(unknown, Width, 2)).Append('\n');
        }

        foreach (var note in status.Notes)
        {
            text.Append('\n').Append(WrappedText.Of($"note: {note}", Width, 2)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The counts in one line, such as <c>12 applied, 1 pending</c>.</summary>
    public static string Summary(MigrationStatus status) =>
        status.Entries.Count == 0
            ? "no migrations"
            : string.Join(
                ", ",
                status
                    .Entries.GroupBy(entry => entry.Condition)
                    .OrderBy(group => group.Key)
                    .Select(group => $"{group.Count()} {Word(group.Key)}")
            );

    /// <summary>A condition for people.</summary>
    public static string Word(MigrationCondition condition) =>
        condition switch
        {
            MigrationCondition.OutOfOrder => "out of order",
            MigrationCondition.RolledBack => "rolled back",
            _ => condition.ToString().ToLowerInvariant(),
        };

    private static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..(width - 1)]}…";
}

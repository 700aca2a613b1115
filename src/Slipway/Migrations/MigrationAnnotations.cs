using System.Globalization;

namespace Slipway.Migrations;

/// <summary>What GitHub shows at the files of a pull request: lines that its runner understands.</summary>
internal static class MigrationAnnotations
{
    /// <summary>A line for everything that blocks or that a person should see.</summary>
    /// <param name="status">The status.</param>
    /// <param name="root">The folder of the repository, from which on files are named.</param>
    public static IEnumerable<string> Of(MigrationStatus status, string root)
    {
        if (status.Unknown is { } unknown)
        {
            yield return Line("error", null, "migration history", unknown);
        }

        foreach (var entry in status.Entries.Where(IsWorthIt))
        {
            var path = entry.Path is null
                ? null
                : Path.GetRelativePath(root, Path.Combine(status.Folder, entry.Path)).Replace('\\', '/');
            var remedy = entry.Remedy.Length > 0 ? $" → {entry.Remedy}" : "";
            yield return Line(
                entry.Blocks ? "error" : "warning",
                path,
                $"migration {MigrationStatusTable.Word(entry.Condition)}",
                $"{entry.Name}: {entry.Detail}{remedy}"
            );
        }
    }

    private static bool IsWorthIt(MigrationEntry entry) =>
        entry.Blocks
        || entry.Condition is MigrationCondition.OutOfOrder or MigrationCondition.Interrupted
        || (entry.Condition is MigrationCondition.RolledBack && entry.HasFile);

    // https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    private static string Line(string level, string? path, string title, string message) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"::{level} {(path is null ? "" : $"file={Property(path)},")}title={Property(title)}::{Message(message)}"
        );

    private static string Message(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Message(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}

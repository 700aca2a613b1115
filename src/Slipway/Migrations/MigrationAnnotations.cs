using System.Globalization;
using Slipway.Migrations.Rehearsal;

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

    /// <summary>A line for everything that a rehearsal found.</summary>
    /// <param name="report">What it found.</param>
    /// <param name="folder">The folder of the migrations.</param>
    /// <param name="root">The folder of the repository, from which on files are named.</param>
    public static IEnumerable<string> Of(RehearsalReport report, string folder, string root) =>
        report.Migrations.SelectMany(migration =>
            migration.Findings.Select(finding =>
                Line(
                    finding.IsOverBudget ? "warning" : "notice",
                    Path.GetRelativePath(root, Path.Combine(folder, migration.Path)).Replace('\\', '/'),
                    "migration rehearsed",
                    $"line {finding.Line} {finding.What} → {finding.Remedy}"
                )
            )
        );

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

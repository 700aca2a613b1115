using System.Text.Json;

namespace Slipway.Migrations;

/// <summary>The status of migrations as other programs read it.</summary>
/// <param name="Format">Name of the format.</param>
/// <param name="ExitCode">What a run that only looks ends with.</param>
/// <param name="Unknown">Why it is not known what is applied; null when it is.</param>
/// <param name="Notes">What is worth knowing of the whole.</param>
/// <param name="Migrations">All of them, in order.</param>
internal sealed record MigrationReport(
    string Format,
    int ExitCode,
    string? Unknown,
    IReadOnlyList<string> Notes,
    IReadOnlyList<MigrationReportEntry> Migrations
)
{
    /// <summary>The report of a status.</summary>
    public static MigrationReport Of(MigrationStatus status) =>
        new(
            status.Format,
            (int)status.ExitCode,
            status.Unknown,
            status.Notes,
            [
                .. status.Entries.Select(entry => new MigrationReportEntry(
                    entry.Name,
                    MigrationStatusTable.Word(entry.Condition),
                    entry.IsPending,
                    entry.Blocks,
                    entry.AppliedAt,
                    entry.Path,
                    entry.Detail.Length > 0 ? entry.Detail : null,
                    entry.Remedy.Length > 0 ? entry.Remedy : null
                )),
            ]
        );

    /// <summary>As JSON.</summary>
    public string Json() => JsonSerializer.Serialize(this, MigrationStatusJson.Default.MigrationReport);
}

namespace Slipway.Migrations.Rehearsal;

/// <summary>What is kept of a migration's last rehearsal.</summary>
/// <param name="Name">The migration.</param>
/// <param name="Checksum">SHA-256 of what was run.</param>
/// <param name="DownChecksum">SHA-256 of what undid it; null when nothing does.</param>
/// <param name="Verdict">What it means for a release from before it.</param>
/// <param name="Undo">What undoing it did.</param>
/// <param name="Differences">What was lost by that.</param>
/// <param name="Backup">The backup that it was tried on.</param>
/// <param name="At">When.</param>
public sealed record RehearsalEntry(
    string Name,
    string Checksum,
    string? DownChecksum,
    SchemaVerdict Verdict,
    UndoOutcome Undo,
    IReadOnlyList<string> Differences,
    string Backup,
    DateTimeOffset At
);

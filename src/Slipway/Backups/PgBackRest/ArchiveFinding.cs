namespace Slipway.Backups.PgBackRest;

/// <summary>Something about archiving that is not as it should be.</summary>
/// <param name="Condition">What it is.</param>
/// <param name="Text">What was measured, and what is allowed.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ArchiveFinding(ArchiveCondition Condition, string Text, string Remedy);

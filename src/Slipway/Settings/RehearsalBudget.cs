namespace Slipway.Settings;

/// <summary>What a migration may do to those who work with the database.</summary>
/// <param name="Rows">Rows from which a table counts, and that one transaction may change; default 100,000.</param>
/// <param name="Everything">How long a lock may keep everybody off such a table; default 1 s.</param>
/// <param name="Writes">How long a lock may keep writers off such a table; default 5 s.</param>
public sealed record RehearsalBudget(long Rows, TimeSpan Everything, TimeSpan Writes);

namespace Slipway.Backups.Restoring;

/// <summary>The rows of one table that were written since a backup.</summary>
/// <param name="Table">Schema and name, quoted where needed.</param>
/// <param name="Columns">The columns, in order, as SQL lists them.</param>
/// <param name="Rows">How many.</param>
/// <param name="File">CSV with a head, zstd, and age when backups are encrypted.</param>
public sealed record SalvagedTable(string Table, string Columns, long Rows, StoredArchive File);

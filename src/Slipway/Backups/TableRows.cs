namespace Slipway.Backups;

/// <summary>How many rows a table had.</summary>
/// <param name="Table">Schema and name, quoted where needed.</param>
/// <param name="Rows">Rows in the backup's own snapshot.</param>
public sealed record TableRows(string Table, long Rows);

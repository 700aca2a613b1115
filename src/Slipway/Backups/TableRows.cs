namespace Slipway.Backups;

/// <summary>What a table held.</summary>
/// <param name="Table">Schema and name, quoted where needed.</param>
/// <param name="Rows">Rows in the backup's own snapshot.</param>
/// <param name="Hash">A sum over all rows that does not depend on their order; null where it would have cost too much.</param>
public sealed record TableRows(string Table, long Rows, string? Hash = null)
{
    /// <summary>Bytes on disk, without indexes; null in manifests of older versions.</summary>
    public long? Bytes { get; init; }
}

namespace Slipway.Backups.Restoring;

/// <summary>What happened to a table since a backup.</summary>
/// <param name="Table">Schema and name, quoted where needed.</param>
/// <param name="Written">Rows that are there now and were not in the backup as they are now: new or changed ones.</param>
/// <param name="Gone">Rows of the backup that are not there any more as they were: deleted or changed ones.</param>
public sealed record TableWrites(string Table, long Written, long Gone)
{
    /// <summary>At most so many rows were inserted.</summary>
    public long InsertedAtMost => Written;

    /// <summary>At most so many rows were updated.</summary>
    public long UpdatedAtMost => Math.Min(Written, Gone);

    /// <summary>At most so many rows were deleted.</summary>
    public long DeletedAtMost => Gone;

    /// <summary>From the number of rows in the backup, now, and of those now that the backup's snapshot did not see.</summary>
    public static TableWrites Of(string table, long before, long now, long written) =>
        new(table, written, before - (now - written));
}

namespace Slipway.Migrations.Rehearsal;

/// <summary>Whom a lock on a table keeps waiting.</summary>
public enum LockLevel
{
    /// <summary>Nobody who only reads and writes rows.</summary>
    None,

    /// <summary>Everybody who writes rows (SHARE, SHARE ROW EXCLUSIVE, EXCLUSIVE).</summary>
    Writes,

    /// <summary>Everybody who reads or writes rows (ACCESS EXCLUSIVE).</summary>
    Everything,
}

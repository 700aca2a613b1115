namespace Slipway.Migrations.Rehearsal;

/// <summary>What a statement did to a table that was there before.</summary>
/// <param name="Table">The table, as SQL writes it.</param>
/// <param name="Rows">Rows that it had, as the server estimates them.</param>
/// <param name="Lock">The lock that the session holds on it after the statement.</param>
/// <param name="IsRewritten">True when the statement wrote the whole table anew.</param>
/// <param name="Scanned">Rows that the statement read by going through the whole table.</param>
/// <param name="Inserted">Rows that it inserted.</param>
/// <param name="Changed">Rows that it updated or deleted.</param>
public sealed record TableTouch(
    string Table,
    long Rows,
    LockLevel Lock,
    bool IsRewritten,
    long Scanned,
    long Inserted,
    long Changed
);

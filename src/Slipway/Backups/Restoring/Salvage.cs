namespace Slipway.Backups.Restoring;

/// <summary>Rows that were written since a backup, kept in the store before the database was replaced.</summary>
/// <param name="Backup">The backup.</param>
/// <param name="Database">The database.</param>
/// <param name="At">When.</param>
/// <param name="Tables">Every table with such rows.</param>
public sealed record Salvage(string Backup, string Database, DateTimeOffset At, IReadOnlyList<SalvagedTable> Tables)
{
    internal static string Prefix(string environment, string stamp) => $"salvage/{environment}/{stamp}/";
}

namespace Slipway.Backups.Restoring;

/// <summary>Something in which a restored database is not what the backup holds.</summary>
/// <param name="What">What it is, such as <c>rows of public.notes</c>.</param>
/// <param name="InBackup">What the backup holds of it.</param>
/// <param name="Restored">What was restored.</param>
public sealed record ContentDifference(string What, string InBackup, string Restored)
{
    /// <summary>Differences as lines of a table.</summary>
    public static string Table(IReadOnlyList<ContentDifference> differences) =>
        TextTable.Of(
            ["what", "in the backup", "restored"],
            differences.Select(difference => (string[])[difference.What, difference.InBackup, difference.Restored])
        );
}

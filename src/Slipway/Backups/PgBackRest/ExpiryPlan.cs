namespace Slipway.Backups.PgBackRest;

/// <summary>Which backups of a server go, and whether they may.</summary>
/// <param name="Removed">Labels of the backups that the retention no longer keeps.</param>
/// <param name="Kept">Labels of those that stay.</param>
/// <param name="Refusal">Why none of them may go; null when they may.</param>
public sealed record ExpiryPlan(IReadOnlyList<string> Removed, IReadOnlyList<string> Kept, string? Refusal)
{
    /// <summary>Judges what pgBackRest would remove: a backup goes only while a better proven one stays.</summary>
    public static ExpiryPlan Of(IReadOnlyList<ServerBackup> backups, IReadOnlyList<string> removed)
    {
        var (gone, kept) = (
            backups.Where(backup => removed.Contains(backup.Label, StringComparer.Ordinal)).ToList(),
            backups.Where(backup => !removed.Contains(backup.Label, StringComparer.Ordinal)).ToList()
        );
        var refusal =
            gone.Count == 0 ? null
            : gone.LastOrDefault(backup => backup is { IsVerified: true, Restored: not null }) is { } restored
            && !kept.Any(backup => backup is { IsVerified: true, Restored: not null })
                ? $"{restored.Label} is the newest that was proven by restoring it"
            : gone.LastOrDefault(backup => backup.IsVerified) is { } verified && !kept.Any(backup => backup.IsVerified)
                ? $"{verified.Label} is the newest that was verified"
            : !kept.Any(backup => backup.IsVerified) ? "none of those that would stay was ever verified"
            : null;
        return new(removed, [.. kept.Select(backup => backup.Label)], refusal);
    }
}

using System.Globalization;

namespace Slipway.Backups.Retention;

/// <summary>Decides which backups are kept.</summary>
public static class RetentionPlanner
{
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Makes the plan.</summary>
    public static RetentionPlan Plan(RetentionFacts facts, RetentionPolicy policy)
    {
        var suspicion = Suspicion(facts, policy);
        var rules = new RetentionRules(facts, policy);
        var sizes = Sizes(facts);
        var backups = facts
            .Backups.DistinctBy(backup => backup.Id)
            .ToDictionary(backup => backup.Id, StringComparer.Ordinal);
        var items = sizes
            .Keys.Union(backups.Keys, StringComparer.Ordinal)
            .Select(id =>
            {
                var bytes = sizes.GetValueOrDefault(id).Bytes;
                return backups.TryGetValue(id, out var backup)
                        ? Item(id, KindOf(backup), backup.Manifest.Started, bytes, rules.Judge(backup))
                    : sizes[id].HasManifest
                        ? new(id, RetentionKind.Unreadable, Taken(id), bytes, false, "its manifest cannot be read")
                    : Item(id, RetentionKind.Orphan, Taken(id), bytes, rules.JudgeOrphan(id, Taken(id)));
            })
            .Select(item =>
                suspicion is null ? item : item with { IsDeleted = false, Reason = "the clock is not believed" }
            )
            .OrderBy(item => item.Taken ?? DateTimeOffset.MinValue)
            .ThenBy(item => item.Id, StringComparer.Ordinal);
        return new()
        {
            Environment = facts.Environment,
            Now = facts.Now,
            Policy = policy,
            Items = [.. items],
            Suspicion = suspicion,
        };
    }

    /// <summary>What a backup counts as.</summary>
    public static RetentionKind KindOf(StoredBackup backup) =>
        backup.IsVerified ? RetentionKind.Verified
        : backup.Verifications.Count == 0 ? RetentionKind.Unverified
        : RetentionKind.Broken;

    private static RetentionItem Item(
        string id,
        RetentionKind kind,
        DateTimeOffset? taken,
        long bytes,
        (bool Deleted, string Reason) verdict
    ) => new(id, kind, taken, bytes, verdict.Deleted, verdict.Reason);

    private static string? Suspicion(RetentionFacts facts, RetentionPolicy policy)
    {
        if (facts.Backups.MaxBy(backup => backup.Manifest.Started)?.Manifest is not { } newest)
        {
            return null;
        }

        var ahead = facts.Now - newest.Started;
        return ahead < TimeSpan.Zero
                ? $"the clock says {facts.Now.UtcDateTime:yyyy-MM-dd HH:mm}Z, and backup {newest.Id} is newer"
            : ahead > policy.LongestSilence
                ? $"the clock says {facts.Now.UtcDateTime:yyyy-MM-dd HH:mm}Z, {Elapsed.Text(ahead)} after the newest backup; "
                    + "if it is right, take a backup first"
            : null;
    }

    // Objects that do not lie in a backup's folder are not ours to judge.
    private static Dictionary<string, (long Bytes, bool HasManifest)> Sizes(RetentionFacts facts)
    {
        var prefix = BackupKeys.Prefix(facts.Environment);
        return facts
            .Objects.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(item => item.Key[prefix.Length..].Split('/') is [var id, _] ? id : "", StringComparer.Ordinal)
            .Where(group => group.Key.Length > 0)
            .Where(group => Taken(group.Key) is not null || group.Any(item => BackupKeys.IsManifest(item.Key)))
            .ToDictionary(
                group => group.Key,
                group => (group.Sum(item => item.Size), group.Any(item => BackupKeys.IsManifest(item.Key))),
                StringComparer.Ordinal
            );
    }

    private static DateTimeOffset? Taken(string id) =>
        DateTimeOffset.TryParseExact(
            id.Split('-')[0],
            Stamp,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;
}

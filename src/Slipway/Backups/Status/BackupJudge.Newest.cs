using Slipway.Runs;

namespace Slipway.Backups.Status;

public static partial class BackupJudge
{
    private static BackupStatusItem Size(BackupStatusFacts facts)
    {
        const string Name = "size";
        var limit = $"{Percent(facts.Thresholds.Shrinkage)} less";
        if (facts.Backups is not [.., var newest])
        {
            return Nothing(Name, limit, facts);
        }

        var bytes = newest.Manifest.Bytes;
        var sample = facts
            .Backups.SkipLast(1)
            .Where(backup => backup.IsVerified)
            .TakeLast(facts.Thresholds.Sample)
            .Select(backup => backup.Manifest.Bytes)
            .Order()
            .ToList();
        if (sample.Count == 0)
        {
            return Ok(Name, $"{RunOutput.Bytes(bytes)}, the first", limit);
        }

        var median = (sample[(sample.Count - 1) / 2] + sample[sample.Count / 2]) / 2;
        var change = median == 0 ? 0 : ((double)bytes / median) - 1;
        var value =
            $"{RunOutput.Bytes(bytes)}, {Percent(Math.Abs(change))} {(change < 0 ? "less" : "more")} than the median of {sample.Count}";
        return change > -facts.Thresholds.Shrinkage
            ? Ok(Name, value, limit)
            : new(
                Name,
                BackupItemStatus.Warn,
                value,
                limit,
                $"compare the rows of the tables in the manifests of {newest.Id} and of the one before"
            );
    }

    private static BackupStatusItem Duration(BackupStatusFacts facts)
    {
        var limit = RunOutput.Duration(facts.Thresholds.Duration);
        if (facts.Backups is not [.., { Manifest: var newest }])
        {
            return Nothing("duration", limit, facts);
        }

        var value = RunOutput.Duration(newest.Duration);
        return newest.Duration < facts.Thresholds.Duration
            ? Ok("duration", value, limit)
            : new(
                "duration",
                BackupItemStatus.Warn,
                value,
                limit,
                "take it when the server is quiet, see what its disk and network do, or back up physically"
            );
    }

    private static BackupStatusItem Encryption(BackupStatusFacts facts)
    {
        const string Name = "encryption";
        const string Remedy = "set BACKUP_ENCRYPTION_ENABLED to true, and BACKUP_ENCRYPTION_KEY to a key: age-keygen";
        if (!facts.Encrypts)
        {
            return new(Name, BackupItemStatus.Warn, "new backups are NOT encrypted", "", Remedy);
        }

        if (facts.Backups is not [.., { Manifest: var newest }])
        {
            return Nothing(Name, "", facts);
        }

        return newest.Archives.All(archive => archive.IsEncrypted)
            ? Ok(Name, "the newest backup is encrypted", "")
            : new(Name, BackupItemStatus.Warn, $"{newest.Id} is NOT encrypted", "", Command(facts, "Backup"));
    }

    private static BackupStatusItem Keys(BackupStatusFacts facts)
    {
        const string Name = "keys";
        var others = facts.Backups.Where(backup => IsForOthers(backup.Manifest, facts.KeyIds)).ToList();
        return others.Count == 0
            ? Ok(Name, facts.KeyIds.Count == 0 ? "none" : string.Join(", ", facts.KeyIds), "")
            : new(
                Name,
                BackupItemStatus.Warn,
                $"{others.Count} of {facts.Backups.Count} for {string.Join(", ", others[^1].Manifest.Keys)}: {others[^1].Id}",
                "",
                $"keep that key, or {Command(facts, "BackupCopy")} --rewrap"
            );
    }

    private static bool IsForOthers(BackupManifest manifest, IReadOnlyList<string> keys) =>
        manifest.Keys.Count > 0 && !manifest.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(keys);
}

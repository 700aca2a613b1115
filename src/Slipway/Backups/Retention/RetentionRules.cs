namespace Slipway.Backups.Retention;

/// <summary>Judges one backup after the other; of the rules that keep it, the first is told.</summary>
internal sealed class RetentionRules
{
    private readonly RetentionFacts _facts;
    private readonly RetentionPolicy _policy;
    private readonly List<StoredBackup> _verified;
    private readonly StoredBackup? _restored;
    private readonly IReadOnlyDictionary<string, string> _generations;

    public RetentionRules(RetentionFacts facts, RetentionPolicy policy)
    {
        (_facts, _policy) = (facts, policy);
        _verified =
        [
            .. facts
                .Backups.Where(backup => backup.IsVerified)
                .OrderByDescending(backup => backup.Manifest.Started)
                .ThenByDescending(backup => backup.Id, StringComparer.Ordinal),
        ];
        _restored = _verified.Find(backup => backup.Restored is not null);
        _generations = Generations.Of(_verified, policy);
    }

    private StoredBackup? Newest => _verified.FirstOrDefault();

    public (bool Deleted, string Reason) Judge(StoredBackup backup)
    {
        var keeps =
            backup.Id == Newest?.Id ? "newest verified"
            : backup.Id == _restored?.Id ? "newest that was restored"
            : _facts.Now - backup.Manifest.Started < _policy.KeepWithin
                ? $"younger than {Elapsed.Text(_policy.KeepWithin)}"
            : _facts.Needed.Why(backup.Manifest);
        if (keeps is not null)
        {
            return (false, keeps);
        }

        return backup.IsVerified ? JudgeVerified(backup) : JudgeUseless(backup);
    }

    /// <summary>Files without a manifest can be a whole dump, so they too wait for a backup that is better.</summary>
    public (bool Deleted, string Reason) JudgeOrphan(string id, DateTimeOffset? taken) =>
        taken is not { } time || _facts.Now - time <= _policy.OrphanAge
            ? (false, $"younger than {Elapsed.Text(_policy.OrphanAge)}, may still be written")
        : _facts.Needed.WhyOrphan(id) is { } needed ? (false, needed)
        : HasBetter(time) ? (true, "a killed run's")
        : (false, "a killed run's, and no verified backup is newer");

    private (bool Deleted, string Reason) JudgeVerified(StoredBackup backup) =>
        _generations.TryGetValue(backup.Id, out var generation) ? (false, generation)
        : _verified.Take(_policy.Minimum).Contains(backup) ? (false, $"one of the {_policy.Minimum} newest verified")
        : (true, $"older than {Elapsed.Text(_policy.KeepWithin)}, newest of no period");

    private (bool Deleted, string Reason) JudgeUseless(StoredBackup backup)
    {
        var what = backup.Verifications.Count == 0 ? "never verified" : "broken";
        return HasBetter(backup.Manifest.Started)
            ? (true, $"{what}, older than {Elapsed.Text(_policy.KeepWithin)}")
            : (false, $"{what}, but no verified one is newer");
    }

    private bool HasBetter(DateTimeOffset than) => Newest is { } newest && newest.Manifest.Started > than;
}

using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Status;

/// <summary>Finds out which backups were begun, from the records of the runs.</summary>
public static class BackupAttempts
{
    private const int AtOnce = 8;
    private static readonly string[] Steps = ["PreBackup", "Backup"];

    /// <summary>The attempts of one run.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="isAlive">True while the run goes on: what it has begun may still succeed.</param>
    public static IReadOnlyList<BackupAttempt> Of(RunRecord record, bool isAlive)
    {
        List<BackupAttempt> found = [];
        RunEvent? begun = null;
        foreach (var item in record.Events.Where(line => Steps.Contains(line["step"])))
        {
            if (item.Type == RunEvent.StepStarted)
            {
                begun = item;
            }
            else if (item.Type == RunEvent.StepFinished)
            {
                Add(found, begun ?? item, item);
                begun = null;
            }
        }

        if (begun is not null && !isAlive)
        {
            found.Add(new(begun.At, false, "the run died"));
        }

        return found;
    }

    /// <summary>All attempts, the newest last; a backup whose run left no record is one that succeeded.</summary>
    /// <param name="store">Where the records are.</param>
    /// <param name="backups">The backups that there are.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="output">Gets a warning for every record that is broken.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<IReadOnlyList<BackupAttempt>> ReadAsync(
        IObjectStore store,
        string environment,
        IReadOnlyList<StoredBackup> backups,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        var runs = new RunStore(store, environment, folder: null);
        var lease = await DeployLock.ReadAsync(store, environment, cancellationToken);
        var alive = lease is { State: DeployLease.Active } ? lease.Run : null;
        var ids = await runs.ListAsync(cancellationToken);
        var found = new IReadOnlyList<BackupAttempt>[ids.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, ids.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (place, token) => found[place] = await ReadAsync(runs, ids[place], alive, output, token)
        );
        var known = ids.Where((_, place) => found[place].Count > 0)
            .Select(id => id.Value)
            .ToHashSet(StringComparer.Ordinal);
        var others = backups
            .Where(backup => !known.Contains(backup.Manifest.Run))
            .Select(backup => new BackupAttempt(backup.Manifest.Started, true, null));
        return [.. found.SelectMany(attempts => attempts).Concat(others).OrderBy(attempt => attempt.At)];
    }

    private static async Task<IReadOnlyList<BackupAttempt>> ReadAsync(
        RunStore runs,
        RunId id,
        string? alive,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await runs.ReadAsync(id, cancellationToken) is { } record ? Of(record, id.Value == alive) : [];
        }
        catch (SlipwayException exception)
        {
            output.Warn($"what run {id} did is not counted: {exception.Message}");
            return [];
        }
    }

    private static void Add(List<BackupAttempt> found, RunEvent begun, RunEvent ended)
    {
        // A step that was skipped, or found a backup that was fresh enough, tried nothing.
        if (Enum.TryParse<StepOutcome>(ended["outcome"], out var outcome) && IsAttempt(outcome))
        {
            var succeeded = outcome is StepOutcome.Succeeded;
            found.Add(new(begun.At, succeeded, succeeded ? null : ended["error"] ?? $"{outcome}"));
        }
    }

    private static bool IsAttempt(StepOutcome outcome) =>
        outcome is StepOutcome.Succeeded or StepOutcome.Failed or StepOutcome.Aborted;
}

using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Retention;

/// <summary>The backups that a deploy may still go back to.</summary>
/// <param name="Backups">Ids of backups, and why each is needed.</param>
/// <param name="Runs">Runs whose backups are needed, and why.</param>
public sealed record NeededBackups(
    IReadOnlyDictionary<string, string> Backups,
    IReadOnlyDictionary<string, string> Runs
)
{
    /// <summary>None is needed.</summary>
    public static NeededBackups None { get; } =
        new(
            new Dictionary<string, string>(StringComparer.Ordinal),
            new Dictionary<string, string>(StringComparer.Ordinal)
        );

    /// <summary>Asks the lock and the records of the runs that took the backups.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="backups">The backups it has.</param>
    /// <param name="verifiedRun">The run of the last verified release; null when there is none.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<NeededBackups> ReadAsync(
        IObjectStore store,
        string environment,
        IReadOnlyList<StoredBackup> backups,
        string? verifiedRun,
        CancellationToken cancellationToken
    )
    {
        var runs = new Dictionary<string, string>(StringComparer.Ordinal);
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        if (verifiedRun is not null)
        {
            runs[verifiedRun] = "of the deploy of the last verified release";
        }

        var lease = await DeployLock.ReadAsync(store, environment, cancellationToken);
        var records = new RunStore(store, environment, folder: null);
        foreach (
            var run in backups.Select(backup => backup.Manifest.Run).Append(lease?.Run).OfType<string>().Distinct()
        )
        {
            var holds = run == lease?.Run;
            if (await WhyAsync(records, run, holds, cancellationToken) is not (var reason, var record))
            {
                continue;
            }

            runs[run] = reason;
            foreach (var id in record?.Steps.Select(step => step["backup"]).OfType<string>() ?? [])
            {
                named[id] = reason;
            }
        }

        return new(named, runs);
    }

    /// <summary>Why a backup is needed; null when it is not.</summary>
    public string? Why(BackupManifest manifest) =>
        Backups.GetValueOrDefault(manifest.Id) ?? Runs.GetValueOrDefault(manifest.Run);

    /// <summary>Why files without a manifest are needed: their run may still be writing them.</summary>
    internal string? WhyOrphan(string id) =>
        Runs.FirstOrDefault(run => id.EndsWith($"-{run.Key.Split('-')[^1]}", StringComparison.Ordinal)).Value;

    private static async Task<(string Reason, RunRecord? Record)?> WhyAsync(
        RunStore records,
        string run,
        bool holds,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var record = await records.ReadAsync(new(run), cancellationToken);
            return holds ? ($"run {run} has the lock", record)
                : record is { IsFinished: false } ? ($"run {run} did not end", record)
                : null;
        }
        catch (SlipwayException)
        {
            // Who cannot see whether it ended must not say that it did.
            return ($"the record of run {run} is broken", null);
        }
    }
}

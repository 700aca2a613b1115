using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Retention;

/// <summary>Removes what a plan says, each backup's manifest first: from then on it is none.</summary>
public sealed class RetentionExecutor(IObjectStore store, RunOutput output)
{
    /// <summary>Carries a plan out; what cannot be removed keeps nothing else from being removed.</summary>
    public async Task<RetentionOutcome> RunAsync(RetentionPlan plan, CancellationToken cancellationToken)
    {
        List<string> deleted = [];
        var locked = new Dictionary<string, string>(StringComparer.Ordinal);
        var failed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in plan.Deleted)
        {
            try
            {
                await DeleteAsync(plan.Environment, item.Id, cancellationToken);
                deleted.Add(item.Id);
                output.Line($"  removed {item.Id} ({RunOutput.Bytes(item.Bytes)})");
            }
            catch (ObjectLockedException exception)
            {
                locked[item.Id] = exception.Message;
                output.Line($"  kept {item.Id}: {exception.Message}");
            }
            catch (Exception exception) when (StoreFailure.Is(exception))
            {
                failed[item.Id] = exception.Message;
                output.Warn($"{item.Id} was not removed, or not all of it: {exception.Message}");
            }
        }

        return new(deleted, locked, failed);
    }

    private async Task DeleteAsync(string environment, string id, CancellationToken cancellationToken)
    {
        var key = BackupKeys.Manifest(environment, id);
        var manifest = await StoredFile.ReadAsync(store, key, cancellationToken);
        await store.DeleteAsync(key, cancellationToken);
        var removed = 0;
        try
        {
            foreach (var item in await store.ListAsync(BackupKeys.Folder(environment, id), cancellationToken))
            {
                await store.DeleteAsync(item.Key, cancellationToken);
                removed++;
            }
        }
        catch (ObjectLockedException) when (removed == 0 && manifest is not null)
        {
            // The store keeps its files, so it stays the backup that they are.
            await PutBackAsync(key, manifest);
            throw;
        }
        catch (ObjectLockedException exception) when (removed > 0)
        {
            throw new SlipwayException(exception.Message, exception.Hint, exception.ExitCode, exception);
        }
    }

    // In its own time: the run may have been cancelled.
    private async Task PutBackAsync(string key, byte[] manifest)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), output.Time);
        await StoredFile.WriteAsync(store, key, manifest, limit.Token);
    }
}

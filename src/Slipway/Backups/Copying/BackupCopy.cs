using Slipway.Backups.Age;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Copying;

/// <summary>Copies the backups of an environment to another store, or gives them to other keys.</summary>
public sealed class BackupCopy(IObjectStore store, BackupCatalog catalog, RunOutput output)
{
    /// <summary>Copies backups; what is there already and right is not copied again.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="id">One backup; null for all.</param>
    /// <param name="cancellationToken">Stops; started again it goes on.</param>
    /// <returns>Failed when a backup could not be copied; the others are.</returns>
    public Task<ExitCode> ToAsync(IObjectStore target, string? id, CancellationToken cancellationToken)
    {
        var transfer = new BackupTransfer(store, target, output);
        return EachAsync(
            id,
            async manifest =>
            {
                var result = await transfer.CopyAsync(catalog.Environment, manifest.Id, cancellationToken);
                return result.Copied == 0
                    ? $"{manifest.Id} is in {target.Location} already"
                    : $"{manifest.Id} copied to {target.Location}: {RunOutput.Bytes(result.Bytes)}"
                        + (result.Skipped == 0 ? "" : $", {result.Skipped} of its files were there");
            },
            cancellationToken
        );
    }

    /// <summary>Gives backups to the current keys without decrypting them.</summary>
    /// <param name="options">Holds the current key.</param>
    /// <param name="former">What opens them, beside the current key; null when that does.</param>
    /// <param name="id">One backup; null for all.</param>
    /// <param name="cancellationToken">Stops; started again it goes on.</param>
    /// <returns>Failed when a backup could not be given to them; the others are.</returns>
    /// <exception cref="SlipwayException">There is no current key.</exception>
    public Task<ExitCode> RewrapAsync(
        BackupOptions options,
        BackupKey? former,
        string? id,
        CancellationToken cancellationToken
    )
    {
        var current =
            options.Key
            ?? throw new SlipwayException(
                "There is no key to give the backups to",
                "set BACKUP_ENCRYPTION_KEY to the new key, then a comma and the old one",
                ExitCode.BadInput
            );
        var rewrap = new BackupRewrap(store, catalog, output);
        return EachAsync(
            id,
            async manifest =>
                await rewrap.RewrapAsync(manifest, current, former, cancellationToken)
                    ? $"{manifest.Id} opens with {string.Join(", ", current.KeyIds)} now"
                : manifest.Keys.Count == 0 ? $"{manifest.Id} is NOT encrypted, and stays so"
                : $"{manifest.Id} opens with {string.Join(", ", current.KeyIds)} already",
            cancellationToken
        );
    }

    private async Task<ExitCode> EachAsync(
        string? id,
        Func<BackupManifest, Task<string>> work,
        CancellationToken cancellationToken
    )
    {
        var backups = (await catalog.ListAsync(cancellationToken))
            .Where(backup => id is null || backup.Id == id)
            .ToList();
        if (id is not null && backups.Count == 0)
        {
            throw new SlipwayException(
                $"There is no backup {id} of environment {catalog.Environment} in {store.Location}",
                $"see which there are: ./build.sh Backups --env {catalog.Environment}",
                ExitCode.BadInput
            );
        }

        var failed = 0;
        foreach (var backup in backups)
        {
            try
            {
                output.Line($"  {await work(backup.Manifest)}");
            }
            catch (Exception exception) when (StoreFailure.Is(exception))
            {
                failed++;
                output.Warn($"{backup.Id}: {exception.Message}");
            }
        }

        output.Line($"  {backups.Count - failed} of {backups.Count} done");
        return failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}

using Slipway.Backups.Age;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Copying;

/// <summary>Gives a backup to other keys: its content stays as it is encrypted, only who can open it changes.</summary>
/// <remarks>
/// New files are written beside the old ones and read back, one put replaces the manifest, and then the old files go. Stopped
/// at any moment, it is a whole backup for the old keys or for the new ones.
/// </remarks>
internal sealed class BackupRewrap(IObjectStore store, BackupCatalog catalog, RunOutput output)
{
    private readonly Superseded _superseded = new(store, output.Time);

    /// <summary>Gives it to the current keys.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="current">Who shall open it from now on.</param>
    /// <param name="former">What opens it, beside the current keys; null when they do.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>False when it was for them already, or is not encrypted.</returns>
    public async Task<bool> RewrapAsync(
        BackupManifest manifest,
        BackupKey current,
        BackupKey? former,
        CancellationToken cancellationToken
    )
    {
        if (!manifest.Archives.Any(archive => archive.IsEncrypted))
        {
            return false;
        }

        ManifestFile.RefuseNewer(manifest, store);
        var isNeeded = IsNeeded(manifest, current, former);
        var after = isNeeded ? await ReplaceAsync(manifest, current, former, cancellationToken) : manifest;
        // Those of runs that were killed too.
        await _superseded.RemoveAsync(after, NamesOf(manifest), cancellationToken);
        return isNeeded;
    }

    private static bool IsNeeded(BackupManifest manifest, BackupKey current, BackupKey? former) =>
        !manifest.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(current.KeyIds)
        || (IsPassphrase(former) && IsPassphrase(current));

    // All of them have one name, so it does not tell which one it was.
    private static bool IsPassphrase(BackupKey? key) =>
        key is not null && key.Recipients.Any(recipient => recipient is PassphraseRecipient);

    private async Task<BackupManifest> ReplaceAsync(
        BackupManifest manifest,
        BackupKey current,
        BackupKey? former,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<AgeIdentity> identities = [.. former?.Identities ?? [], .. current.Identities];
        var names = manifest.Archives.ToDictionary(
            archive => archive,
            archive => ArchiveName.Another(archive.Name, output.Time.GetUtcNow())
        );
        try
        {
            var written = new List<StoredArchive>();
            foreach (var archive in manifest.Archives)
            {
                written.Add(
                    archive.IsEncrypted
                        ? await WriteAsync(manifest, archive, names[archive], identities, current, cancellationToken)
                        : archive
                );
            }

            var after = manifest with
            {
                Dump = written[0],
                Globals = manifest.Globals is null ? null : written[1],
                Keys = current.KeyIds,
            };
            await CommitAsync(manifest, after, cancellationToken);
            return after;
        }
        catch (Exception exception) when (StoreFailure.Is(exception) || exception is OperationCanceledException)
        {
            await UndoAsync(manifest, names.Values);
            throw;
        }
    }

    private async Task<StoredArchive> WriteAsync(
        BackupManifest manifest,
        StoredArchive archive,
        string name,
        IReadOnlyList<AgeIdentity> identities,
        BackupKey current,
        CancellationToken cancellationToken
    )
    {
        var key = manifest.Key(archive);
        var sums = archive.Sums;
        using var progress = output.Progress($"rewrap {archive.Name}", archive.Sums.Bytes, RunOutput.Bytes);
        await store.PutAsync(
            BackupKeys.File(manifest.Environment, manifest.Id, name),
            async (target, token) =>
            {
                await using var stream = await StoredFile.OpenAsync(store, key, token);
                await using var read = new MeasuringStream(stream, progress.Report);
                await using var put = new MeasuringStream(target);
                await AgeRewrap.CopyAsync(read, identities, put, current.Recipients, token);
                // Inside the write: what is damaged must not get sums that fit it.
                StoredFile.Check(store, key, archive.Sums, read);
                sums = sums with { Bytes = put.Bytes, Sha256 = put.Sha256() };
            },
            cancellationToken
        );
        var rewrapped = new StoredArchive(name, sums);
        await ReadBackAsync(manifest, rewrapped, current, cancellationToken);
        return rewrapped;
    }

    // What counts as verified has been read to its end; without a key that reads it, at least its bytes were.
    private async Task ReadBackAsync(
        BackupManifest manifest,
        StoredArchive archive,
        BackupKey current,
        CancellationToken cancellationToken
    )
    {
        var key = manifest.Key(archive);
        await using var stream = await StoredFile.OpenAsync(store, key, cancellationToken);
        using var progress = output.Progress($"read back {archive.Name}", archive.Sums.Bytes, RunOutput.Bytes);
        if (!current.CanRead)
        {
            await using var read = new MeasuringStream(stream, progress.Report);
            await read.CopyToAsync(Stream.Null, 1 << 20, cancellationToken);
            StoredFile.Check(store, key, archive.Sums, read);
            return;
        }

        var problem = await new ArchiveReader(current).ReadAsync(
            archive,
            stream,
            (_, _) => ValueTask.CompletedTask,
            progress.Report,
            cancellationToken
        );
        if (problem is not null)
        {
            throw new SlipwayException(
                $"{key} in {store.Location} is not what was written: {problem}",
                "the backup is as it was; see that the store keeps what it is given, then try again"
            );
        }
    }

    private async Task CommitAsync(BackupManifest before, BackupManifest after, CancellationToken cancellationToken)
    {
        var key = BackupKeys.Manifest(before.Environment, before.Id);
        var stored = await StoredFile.ReadAsync(store, key, cancellationToken);
        var there = (await store.ListAsync(BackupKeys.Folder(before.Environment, before.Id), cancellationToken))
            .Select(item => item.Key)
            .ToHashSet(StringComparer.Ordinal);
        if (
            stored is null
            || !ManifestFile.Parse(key, stored).Archives.SequenceEqual(before.Archives)
            || !after.Archives.All(archive => there.Contains(after.Key(archive)))
        )
        {
            throw new SlipwayException(
                $"Backup {before.Id} was changed or removed by somebody else meanwhile",
                $"see what is there, then try again: ./build.sh Backups --env {before.Environment}",
                ExitCode.Refused
            );
        }

        await catalog.AddAsync(after, cancellationToken);
    }

    // A put that failed may have been done all the same, so the store's manifest says what stays.
    private async Task UndoAsync(BackupManifest manifest, IReadOnlyCollection<string> names)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), output.Time);
        try
        {
            var key = BackupKeys.Manifest(manifest.Environment, manifest.Id);
            if (await StoredFile.ReadAsync(store, key, limit.Token) is { } stored)
            {
                await _superseded.RemoveAsync(ManifestFile.Parse(key, stored), names, limit.Token);
            }
        }
        catch (Exception exception) when (StoreFailure.Is(exception) || exception is OperationCanceledException)
        {
            output.Warn($"files of backup {manifest.Id} that it does not need are still there: {exception.Message}");
        }
    }

    private static IReadOnlyList<string> NamesOf(BackupManifest manifest) =>
        [.. manifest.Archives.Select(archive => archive.Name)];
}

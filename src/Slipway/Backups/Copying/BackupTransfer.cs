using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Copying;

/// <summary>Copies one backup from a store to another: its files, then what verified it, then its manifest.</summary>
internal sealed class BackupTransfer(IObjectStore source, IObjectStore target, RunOutput output)
{
    /// <summary>Copies it; what is there already and right is not copied again.</summary>
    /// <exception cref="SlipwayException">It is not what was written, or the target has another backup of its name.</exception>
    public async Task<CopyResult> CopyAsync(string environment, string id, CancellationToken cancellationToken)
    {
        var key = BackupKeys.Manifest(environment, id);
        var content = await StoredFile.ReadAsync(source, key, cancellationToken) ?? throw Missing(environment, id);
        var manifest = ManifestFile.Parse(key, content);
        ManifestFile.RefuseNewer(manifest, source);
        var before = await BeforeAsync(key, manifest, cancellationToken);
        var result = new CopyResult(id, 0, 0, 0);
        foreach (var archive in manifest.Archives)
        {
            var copied = await CopyAsync(manifest, archive, cancellationToken);
            result = copied
                ? result with
                {
                    Copied = result.Copied + 1,
                    Bytes = result.Bytes + archive.Sums.Bytes,
                }
                : result with
                {
                    Skipped = result.Skipped + 1,
                };
        }

        await CopyVerificationsAsync(environment, id, cancellationToken);
        await CopySmallAsync(key, content, cancellationToken);
        // The target's copy was made before this backup was given to other keys.
        foreach (var old in before?.Archives.ExceptBy(manifest.Archives.Select(one => one.Name), one => one.Name) ?? [])
        {
            await target.DeleteAsync(manifest.Key(old), cancellationToken);
        }

        return result;
    }

    private async Task<bool> CopyAsync(
        BackupManifest manifest,
        StoredArchive archive,
        CancellationToken cancellationToken
    )
    {
        var key = manifest.Key(archive);
        if (await StoredFile.IsAsync(target, key, archive.Sums, cancellationToken))
        {
            return false;
        }

        using var progress = output.Progress($"copy {archive.Name}", archive.Sums.Bytes, RunOutput.Bytes);
        await target.PutAsync(
            key,
            async (to, token) =>
            {
                await using var stream = await StoredFile.OpenAsync(source, key, token);
                await using var measured = new MeasuringStream(stream, progress.Report);
                await measured.CopyToAsync(to, 1 << 20, token);
                // Inside the write, so that the target keeps nothing that is wrong.
                StoredFile.Check(source, key, archive.Sums, measured);
            },
            cancellationToken
        );
        return true;
    }

    private async Task CopyVerificationsAsync(string environment, string id, CancellationToken cancellationToken)
    {
        foreach (var item in await source.ListAsync(BackupKeys.Folder(environment, id), cancellationToken))
        {
            if (
                BackupKeys.IsVerification(item.Key)
                && await StoredFile.ReadAsync(source, item.Key, cancellationToken) is { } content
            )
            {
                await CopySmallAsync(item.Key, content, cancellationToken);
            }
        }
    }

    private async Task CopySmallAsync(string key, byte[] content, CancellationToken cancellationToken)
    {
        var there = await StoredFile.ReadAsync(target, key, cancellationToken);
        if (there is null || !there.AsSpan().SequenceEqual(content))
        {
            await StoredFile.WriteAsync(target, key, content, cancellationToken);
        }
    }

    private async Task<BackupManifest?> BeforeAsync(
        string key,
        BackupManifest manifest,
        CancellationToken cancellationToken
    )
    {
        if (await StoredFile.ReadAsync(target, key, cancellationToken) is not { } content)
        {
            return null;
        }

        var before = ManifestFile.Parse(key, content);
        return before
            .Dumps.Select(dump => dump.Sums.PlainSha256)
            .SequenceEqual(manifest.Dumps.Select(dump => dump.Sums.PlainSha256))
            ? before
            : throw new SlipwayException(
                $"{target.Location} has another backup by the name of {manifest.Id}",
                "copy to a folder of this environment's own",
                ExitCode.Refused
            );
    }

    private SlipwayException Missing(string environment, string id) =>
        new(
            $"There is no backup {id} of environment {environment} in {source.Location}",
            $"see which there are: ./build.sh Backups --env {environment}",
            ExitCode.BadInput
        );
}

using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups;

/// <summary>Reads backups back: a backup that nobody read to its end is only a hope.</summary>
public sealed class BackupVerifier(IObjectStore store, BackupCatalog catalog, BackupOptions options, RunOutput output)
{
    /// <summary>Reads every file of a backup to its end, decrypts, decompresses and hashes it, and writes down what was found.</summary>
    /// <exception cref="SlipwayException">It is not what was written, or there is no key here that opens it.</exception>
    public async Task<BackupVerification> VerifyAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var clock = output.Time.GetTimestamp();
        string? problem = null;
        foreach (var archive in manifest.Archives)
        {
            problem ??= await ProblemAsync(manifest, archive, cancellationToken);
        }

        var verification = new BackupVerification(
            manifest.Id,
            VerificationLevel.ReadBack,
            problem,
            output.Time.GetUtcNow(),
            output.Time.GetElapsedTime(clock)
        );
        await catalog.AddAsync(verification, cancellationToken);
        return problem is null
            ? verification
            : throw new SlipwayException(
                $"Backup {manifest.Id} in {store.Location} is not what was written: {problem}",
                $"do not rely on it; take another one: ./build.sh Backup --env {manifest.Environment}"
            );
    }

    private async Task<string?> ProblemAsync(
        BackupManifest manifest,
        StoredArchive archive,
        CancellationToken cancellationToken
    )
    {
        await using var stored = await store.OpenAsync(manifest.Key(archive), cancellationToken);
        if (stored is null)
        {
            return $"{archive.Name} is missing";
        }

        using var progress = output.Progress($"read back {archive.Name}", archive.Sums.Bytes, RunOutput.Bytes);
        var problem = await new ArchiveReader(options.Key).ReadAsync(
            archive,
            stored,
            (_, _) => ValueTask.CompletedTask,
            progress.Report,
            cancellationToken
        );
        return problem is null ? null : $"{archive.Name}: {problem}";
    }
}

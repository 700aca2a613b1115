using System.Globalization;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups;

/// <summary>Takes backups, reads them back, and knows those there are.</summary>
public sealed class BackupWriter(IObjectStore store, IProcessRunner processes, RunOutput output)
{
    private TimeProvider Time => output.Time;

    /// <summary>Streams a dump of the database into the store; its manifest is written once all of it is there.</summary>
    /// <exception cref="SlipwayException">The dump failed; nothing of it is left in the store.</exception>
    public async Task<BackupManifest> BackupAsync(
        DatabaseUrl url,
        string run,
        string environment,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        var started = Time.GetUtcNow();
        var clock = Time.GetTimestamp();
        await using var snapshot = await DumpSnapshot.OpenAsync(url, cancellationToken);
        var stamp = started.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var draft = new BackupManifest
        {
            Id = $"{stamp}-{run.Split('-')[^1]}",
            Run = run,
            Environment = environment,
            Purpose = purpose,
            Database = url.ToString(),
            ServerVersion = snapshot.ServerVersion,
            DumpVersion = (await VersionAsync(cancellationToken)).ToString(),
            Snapshot = snapshot.Transactions,
            Lsn = snapshot.Lsn,
            Started = started,
            Duration = TimeSpan.Zero,
            Bytes = 0,
            Sha256 = "",
            Tables = await snapshot.CountAsync(cancellationToken),
        };
        using var copy = new HashingCopy();
        await DumpAsync(url, snapshot, draft, copy, cancellationToken);
        var manifest = draft with { Duration = Time.GetElapsedTime(clock), Bytes = copy.Bytes, Sha256 = copy.Finish() };
        await store.PutAsync(
            manifest.ManifestKey,
            (stream, token) => stream.WriteAsync(manifest.ToJson(), token).AsTask(),
            cancellationToken
        );
        return manifest;
    }

    /// <summary>Reads a backup to its end: every byte by its hash, and all data through pg_restore.</summary>
    /// <exception cref="SlipwayException">It is not what was written.</exception>
    public async Task VerifyAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"slipway-verify-{Guid.NewGuid():N}");
        using var copy = new HashingCopy();
        await using (var stream = await OpenAsync(manifest, cancellationToken))
        {
            using var progress = output.Progress($"read back {manifest.Id}", manifest.Bytes, RunOutput.Bytes);
            await copy.CopyAsync(stream, null, progress.Report, cancellationToken);
        }

        var hash = copy.Finish();
        if (copy.Bytes != manifest.Bytes || hash != manifest.Sha256)
        {
            throw Broken(
                manifest,
                $"{copy.Bytes} bytes with SHA-256 {hash} instead of {manifest.Bytes} with {manifest.Sha256}"
            );
        }

        await DecodeAsync(manifest, folder, cancellationToken);
    }

    /// <summary>The backups of an environment, the newest last.</summary>
    public async Task<IReadOnlyList<BackupManifest>> ListAsync(string environment, CancellationToken cancellationToken)
    {
        var found = new List<BackupManifest>();
        foreach (var item in await store.ListAsync(BackupManifest.Prefix(environment), cancellationToken))
        {
            if (
                item.Key.EndsWith("/manifest.json", StringComparison.Ordinal)
                && await ReadAsync(item.Key, cancellationToken) is { } manifest
            )
            {
                found.Add(manifest);
            }
        }

        return found;
    }

    /// <summary>The newest backup of an environment; null when there is none.</summary>
    public async Task<BackupManifest?> LatestAsync(string environment, CancellationToken cancellationToken) =>
        await ListAsync(environment, cancellationToken) is [.., var newest] ? newest : null;

    /// <summary>Version of the pg_dump that is used.</summary>
    public async Task<Version> VersionAsync(CancellationToken cancellationToken)
    {
        var command = Command.Of(PostgresPrograms.Find("pg_dump"), "--version");
        var result = await processes.RunAsync(command, null, cancellationToken);
        var word = result
            .Output.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(part => char.IsAsciiDigit(part[0]));
        return Version.TryParse(word, out var version)
            ? version
            : throw new CommandFailedException(
                command,
                result,
                $"printed no version: {result.Output}",
                "see that pg_dump works"
            );
    }

    private async Task DumpAsync(
        DatabaseUrl url,
        DumpSnapshot snapshot,
        BackupManifest draft,
        HashingCopy copy,
        CancellationToken cancellationToken
    )
    {
        var command = Command.Of(
            PostgresPrograms.Find("pg_dump"),
            "--format=custom",
            "--compress=1",
            "--no-password",
            $"--snapshot={snapshot.Name}"
        ) with
        {
            Variables = PostgresSource.LibpqVariables(url, "backup"),
            Without = PostgresSource.ForeignVariables,
        };
        var expected = (await LatestAsync(draft.Environment, cancellationToken))?.Bytes;
        using var progress = output.Progress($"dump {url.Database}", expected, RunOutput.Bytes);
        await store.PutAsync(
            draft.DumpKey,
            async (stream, token) =>
            {
                var result = await processes.StreamAsync(
                    command,
                    (dump, reading) => copy.CopyAsync(dump, stream, progress.Report, reading),
                    token
                );
                if (result.ExitCode != 0)
                {
                    // Thrown inside the write, so that the store keeps nothing of it.
                    throw new CommandFailedException(
                        command,
                        result,
                        $"ended with exit code {result.ExitCode}: {result.Error}",
                        "no backup was kept; mend what it says and run again"
                    );
                }
            },
            cancellationToken
        );
    }

    // pg_restore -l stops after the table of contents, so all data is decoded; the result is thrown away.
    private async Task DecodeAsync(BackupManifest manifest, string folder, CancellationToken cancellationToken)
    {
        Storage.PrivateFolder.Create(folder);
        var file = Path.Combine(folder, "database.dump");
        try
        {
            await using (var stream = await OpenAsync(manifest, cancellationToken))
            await using (var target = File.Create(file))
            {
                await stream.CopyToAsync(target, cancellationToken);
            }

            var command = Command.Of(PostgresPrograms.Find("pg_restore"), "--file=-", file);
            using var copy = new HashingCopy();
            var result = await processes.StreamAsync(
                command,
                (stream, token) => copy.CopyAsync(stream, null, _ => { }, token),
                cancellationToken
            );
            if (result.ExitCode != 0 || copy.Bytes == 0)
            {
                throw Broken(manifest, $"pg_restore cannot read it: {result.Error}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Stream> OpenAsync(BackupManifest manifest, CancellationToken cancellationToken) =>
        await store.OpenAsync(manifest.DumpKey, cancellationToken) ?? throw Broken(manifest, "its dump is missing");

    private async Task<BackupManifest?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(key, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return BackupManifest.Parse(await reader.ReadToEndAsync(cancellationToken));
    }

    private SlipwayException Broken(BackupManifest manifest, string what) =>
        new(
            $"Backup {manifest.Id} in {store.Location} is not what was written: {what}",
            "take another one before anything changes: ./build.sh PreBackup --env " + manifest.Environment
        );
}

using System.Globalization;
using Slipway.Backups.CustomFormat;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups;

/// <summary>Takes backups.</summary>
/// <param name="store">Where they go.</param>
/// <param name="catalog">Learns of every backup that is whole.</param>
/// <param name="options">How they are written.</param>
/// <param name="processes">Starts pg_dump.</param>
/// <param name="output">Gets the progress.</param>
public sealed class BackupWriter(
    IObjectStore store,
    BackupCatalog catalog,
    BackupOptions options,
    IProcessRunner processes,
    RunOutput output
)
{
    private TimeProvider Time => output.Time;

    /// <summary>Streams the database into the store; the manifest is written once all of it is there.</summary>
    /// <exception cref="SlipwayException">It failed; nothing of it counts as a backup, and what was written is removed.</exception>
    public async Task<BackupManifest> BackupAsync(
        DatabaseUrl url,
        string run,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        var (started, clock) = (Time.GetUtcNow(), Time.GetTimestamp());
        await SweepAsync(cancellationToken);
        var version = await VersionAsync(cancellationToken);
        await using var snapshot = await DumpSnapshot.OpenAsync(url, cancellationToken);
        await BackupPreconditions.CheckAsync(url, snapshot, version, cancellationToken);
        var stamp = started.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var id = $"{stamp}-{run.Split('-')[^1]}";
        try
        {
            var (dumps, globals, content) = await DumpAsync(url, id, snapshot, cancellationToken);
            var manifest = new BackupManifest
            {
                Id = id,
                Run = run,
                Environment = catalog.Environment,
                Purpose = purpose,
                Database = url.ToString(),
                SystemIdentifier = snapshot.SystemIdentifier,
                DatabaseId = snapshot.DatabaseId,
                ServerVersion = snapshot.ServerVersion,
                DumpVersion = version.ToString(),
                Snapshot = snapshot.Transactions,
                Lsn = snapshot.Lsn,
                Started = started,
                Keys = options.WriteKey?.KeyIds ?? [],
                Dump = dumps[0],
                Data = [.. dumps.Skip(1)],
                Globals = globals,
                Content = content,
                Duration = Time.GetElapsedTime(clock),
            };
            await catalog.AddAsync(manifest, cancellationToken);
            return manifest;
        }
        catch
        {
            await RemoveAsync(id);
            throw;
        }
    }

    /// <summary>Version of the pg_dump that is used.</summary>
    public async Task<Version> VersionAsync(CancellationToken cancellationToken)
    {
        var command = Command.Of(Postgres.PostgresPrograms.Find("pg_dump"), "--version");
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

    // A run that was killed left a half dump, and the next one needs its space.
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var removed = await store.SweepAsync(BackupKeys.Prefix(catalog.Environment), cancellationToken);
            if (removed.Count > 0)
            {
                output.Line(
                    $"  removed what writers that died had left unfinished: {string.Join(", ", removed.Select(item => item.Key))} "
                        + $"({RunOutput.Bytes(removed.Sum(item => item.Size))})"
                );
            }
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            output.Warn($"what dead writers left in {store.Location} was not removed: {exception.Message}");
        }
    }

    // What the dump holds is asked in the same snapshot while it is written.
    private async Task<(IReadOnlyList<StoredArchive> Dumps, StoredArchive? Globals, DatabaseContent Content)> DumpAsync(
        DatabaseUrl url,
        string id,
        DumpSnapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        var expected = (await catalog.LatestAsync(cancellationToken))?.Manifest.PlainBytes;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var progress = output.Progress($"dump {url.Database}", expected, RunOutput.Bytes);
        var content = new ContentReader(snapshot.Connection);
        var parts = DumpPlan.Of(await content.SizesAsync(cancellationToken), options.Jobs, options.BytesPerJob);
        var rows = Enumerable.Range(0, parts.Count + 1).Select(_ => new DumpRows()).ToList();
        var dumping = StartDumps(url, id, snapshot, parts, rows, progress.Report, stop.Token);
        var dumped = Task.WhenAll(dumping);
        var reading = content.ReadAsync((_, size) => size <= options.HashedTableBytes, CountedAsync, stop.Token);
        var globals = GlobalsAsync(url, id, stop.Token);
        try
        {
            // The first failure ends all of them.
            await foreach (var ended in Task.WhenEach([.. dumping, reading, globals]))
            {
                await ended;
            }
        }
        catch (Exception exception)
        {
            await stop.CancelAsync();
            await Task.WhenAll(dumped, reading, globals).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (await DumpFailure.ExplainAsync(exception, url, cancellationToken) is { } explained)
            {
                throw explained;
            }

            throw;
        }

        return (await dumped, await globals, await reading);

        async Task<long?> CountedAsync(TableName table)
        {
            await dumped;
            return rows.Select(dump => dump.Of(table)).FirstOrDefault(count => count is not null);
        }
    }

    private IReadOnlyList<Task<StoredArchive>> StartDumps(
        DatabaseUrl url,
        string id,
        DumpSnapshot snapshot,
        IReadOnlyList<IReadOnlyList<TableName>> parts,
        List<DumpRows> rows,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        var joint = new JointProgress(progress);
        var without = parts.SelectMany(tables => tables).ToList();
        var whole = DumpCommands.Dump(url, snapshot, options.LockTimeout, without);
        return
        [
            ArchiveAsync(whole, id, "database.dump", rows[0].Add, joint.Part(), cancellationToken),
            .. parts
                .Index()
                .Select(part =>
                    ArchiveAsync(
                        DumpCommands.Rows(url, snapshot, options.LockTimeout, part.Item),
                        id,
                        $"rows-{part.Index + 1}.dump",
                        rows[part.Index + 1].Add,
                        joint.Part(),
                        cancellationToken
                    )
                ),
        ];
    }

    private async Task<StoredArchive> ArchiveAsync(
        Command command,
        string id,
        string name,
        Action<ReadOnlySpan<byte>> seen,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        var writer = new ArchiveWriter(options.WriteKey, options.CompressionLevel) { Seen = seen };
        var file = name + writer.Ending;
        ArchiveSums? sums = null;
        await store.PutAsync(
            BackupKeys.File(catalog.Environment, id, file),
            async (target, token) =>
            {
                var result = await processes.StreamAsync(
                    command,
                    async (source, reading) => sums = await writer.WriteAsync(source, target, progress, reading),
                    token
                );
                if (result.ExitCode != 0)
                {
                    // Thrown inside the write, so that the store keeps nothing of it.
                    throw DumpFailure.Of(command, result);
                }
            },
            cancellationToken
        );
        return new(file, sums!);
    }

    private async Task<StoredArchive?> GlobalsAsync(DatabaseUrl url, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await ArchiveAsync(
                DumpCommands.Globals(url),
                id,
                "globals.sql",
                _ => { },
                _ => { },
                cancellationToken
            );
        }
        catch (CommandFailedException exception)
        {
            output.Warn(
                $"roles and tablespaces are not in the backup: {exception.Message}; they must exist where it is restored"
            );
            return null;
        }
    }

    // In its own time: the run may be cancelled, or the store may be what failed.
    private async Task RemoveAsync(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), Time);
        try
        {
            foreach (var item in await store.ListAsync(BackupKeys.Folder(catalog.Environment, id), limit.Token))
            {
                await store.DeleteAsync(item.Key, limit.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or SlipwayException or OperationCanceledException)
        {
            output.Warn($"what was written of backup {id} is still in {store.Location}: {exception.Message}");
        }
    }
}

using System.Buffers;
using Slipway.Backups.Age;
using Slipway.Backups.CustomFormat;
using Slipway.Processes;
using Slipway.Settings;
using Slipway.Storage;
using ZstdNet;

namespace Slipway.Backups.Restoring;

/// <summary>Gives a backup's archives to programs, as often as they want them; nothing of them touches the disk in plain.</summary>
internal sealed class ArchiveSource(
    IObjectStore store,
    BackupManifest manifest,
    BackupOptions options,
    IProcessRunner processes
)
{
    private const int ChunkSize = 64 << 10;
    private const int BufferSize = 1 << 20;
    private readonly ArrayBufferWriter<byte> _head = new();

    /// <summary>Reads what the archives hold.</summary>
    /// <exception cref="SlipwayException">It cannot be read.</exception>
    public async Task<Contents> ReadContentsAsync(CancellationToken cancellationToken)
    {
        // Everything but the data stands at the beginning, which is kept: every other question is answered from it.
        var all = await ListAsync(RecordHeadAsync, cancellationToken, "--verbose");
        string[] names = ["pre-data", "data", "post-data"];
        var asked = Task.WhenAll(names.Select(name => SectionAsync(name, cancellationToken)));
        var clusters = await ClustersAsync(cancellationToken);
        var sections = await asked;
        var contents = new Contents(all, sections[0], sections[1], sections[2]) { MayShareTables = !clusters };
        foreach (var archive in Enumerable.Range(1, manifest.Data.Count))
        {
            var rows = await ListAsync(
                (stream, token) => WriteAsync(archive, new HashSet<int>(), stream, _ => { }, token),
                cancellationToken
            );
            contents =
                contents.With(rows, archive)
                ?? throw Broken(manifest.Dumps[archive], "it holds rows of tables that the dump does not define", null);
        }

        return contents;
    }

    /// <summary>Numbers of what the dump holds under a table's name.</summary>
    public async Task<IReadOnlyList<int>> FindAsync(TableName table, CancellationToken cancellationToken) =>
        [
            .. (
                await ListAsync(WriteHeadAsync, cancellationToken, $"--schema={table.Schema}", $"--table={table.Name}")
            ).Select(entry => entry.Id),
        ];

    /// <summary>Writes the beginning of the dump, where everything but its data is.</summary>
    public async Task WriteHeadAsync(Stream target, CancellationToken cancellationToken) =>
        await target.WriteAsync(_head.WrittenMemory, cancellationToken);

    /// <summary>Writes what is wanted of an archive, until there is no more of it or the reader has enough.</summary>
    /// <param name="archive">Its place among the backup's.</param>
    /// <param name="wanted">Numbers of the entries whose data is written; the table of contents always is.</param>
    /// <param name="target">The reader.</param>
    /// <param name="progress">Gets the bytes of the archive that were read so far.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task WriteAsync(
        int archive,
        IReadOnlySet<int> wanted,
        Stream target,
        Action<long> progress,
        CancellationToken cancellationToken
    ) =>
        GuardAsync(
            manifest.Dumps[archive],
            async () =>
            {
                var dump = manifest.Dumps[archive];
                await using var stored = await OpenStoredAsync(dump, cancellationToken);
                await CopyAsync(dump, wanted, stored, target, progress, readsOn: false, cancellationToken);
            }
        );

    /// <summary>Reads an archive to its end and sees that it is what was written, while the reader gets what it wants of it.</summary>
    /// <exception cref="SlipwayException">It is not.</exception>
    public Task WriteAndVerifyAsync(
        int archive,
        IReadOnlySet<int> wanted,
        Stream target,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        var dump = manifest.Dumps[archive];
        return GuardAsync(
            dump,
            async () =>
            {
                await using var file = await OpenStoredAsync(dump, cancellationToken);
                await using var stored = new MeasuringStream(file);
                var plain = await CopyAsync(dump, wanted, stored, target, progress, readsOn: true, cancellationToken);
                var buffer = new byte[ChunkSize];
                while (await stored.ReadAsync(buffer, cancellationToken) > 0) { }

                // The same bytes in the store give the same dump, so that one is not hashed a second time.
                var sums = dump.Sums;
                var found = sums with { Bytes = stored.Bytes, Sha256 = stored.Sha256(), PlainBytes = plain };
                if (found != sums)
                {
                    throw Broken(
                        dump,
                        $"{found.Bytes} bytes with SHA-256 {found.Sha256} that hold {plain}, instead of {sums.Bytes} with "
                            + $"{sums.Sha256} that hold {sums.PlainBytes}",
                        null
                    );
                }
            }
        );
    }

    private async Task<long> CopyAsync(
        StoredArchive archive,
        IReadOnlySet<int> wanted,
        Stream stored,
        Stream target,
        Action<long> progress,
        bool readsOn,
        CancellationToken cancellationToken
    )
    {
        await using var plain = await new ArchiveReader(options.Key).OpenAsync(archive, stored, cancellationToken);
        var buffer = new byte[BufferSize];
        var filter = new DumpFilter(wanted);
        var (read, isWanted) = (0L, true);
        for (int count; (count = await plain.ReadAsync(buffer, cancellationToken)) > 0; progress(read += count))
        {
            isWanted =
                isWanted && await WriteAsync(target, filter.Take(buffer.AsSpan(0, count)), readsOn, cancellationToken);
            isWanted &= !filter.IsDone;
            if (!isWanted && !readsOn)
            {
                break;
            }
        }

        return read;
    }

    // False when the reader has enough.
    private static async Task<bool> WriteAsync(
        Stream target,
        ReadOnlyMemory<byte> bytes,
        bool readsOn,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await target.WriteAsync(bytes, cancellationToken);
            return true;
        }
        catch (IOException) when (readsOn)
        {
            return false;
        }
    }

    private async Task<IReadOnlySet<int>> SectionAsync(string section, CancellationToken cancellationToken) =>
        (await ListAsync(WriteHeadAsync, cancellationToken, $"--section={section}"))
            .Select(entry => entry.Id)
            .ToHashSet();

    private async Task<bool> ClustersAsync(CancellationToken cancellationToken)
    {
        var command = RestoreCommands.Script("--section=post-data");
        var lines = await AskAsync(command, WriteHeadAsync, cancellationToken);
        return lines.Any(line => line.Contains(" CLUSTER ON ", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<TocEntry>> ListAsync(
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken,
        params string[] arguments
    ) => TocList.Parse(string.Join('\n', await AskAsync(RestoreCommands.List(arguments), write, cancellationToken)));

    // What it prints may be long, and a result keeps only the last of it.
    private async Task<IReadOnlyList<string>> AskAsync(
        Command command,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        var lines = new List<string>();
        var result = await processes.FeedAsync(
            command,
            write,
            line =>
            {
                lock (lines)
                {
                    lines.Add(line);
                }
            },
            cancellationToken
        );
        return result.ExitCode == 0 ? lines : throw RestoreFailure.Of("its list", result);
    }

    private Task RecordHeadAsync(Stream target, CancellationToken cancellationToken) =>
        GuardAsync(
            manifest.Dump,
            async () =>
            {
                await using var stored = await OpenStoredAsync(manifest.Dump, cancellationToken);
                await using var plain = await new ArchiveReader(options.Key).OpenAsync(
                    manifest.Dump,
                    stored,
                    cancellationToken
                );
                var buffer = new byte[ChunkSize];
                for (int count; (count = await plain.ReadAsync(buffer, cancellationToken)) > 0; )
                {
                    _head.Write(buffer.AsSpan(0, count));
                    await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                }
            }
        );

    private async Task<Stream> OpenStoredAsync(StoredArchive archive, CancellationToken cancellationToken) =>
        await store.OpenAsync(manifest.Key(archive), cancellationToken) ?? throw Broken(archive, "it is missing", null);

    private async Task GuardAsync(StoredArchive archive, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (AgeException exception) when (exception.Problem is not AgeProblem.NoKeyFits)
        {
            throw Broken(archive, exception.Message, exception);
        }
        catch (Exception exception) when (exception is ZstdException or InvalidDataException or EndOfStreamException)
        {
            throw Broken(archive, $"it does not decompress: {exception.Message}", exception);
        }
    }

    private RestoreFailedException Broken(StoredArchive archive, string problem, Exception? inner) =>
        new(
            $"its file {archive.Name} in {store.Location} is not what was written: {problem}",
            $"do not rely on it; use another one: ./build.sh Backups --env {manifest.Environment}",
            isFaultOfBackup: true,
            inner: inner
        );
}

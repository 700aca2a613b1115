using System.Buffers;
using Slipway.Backups.Age;
using Slipway.Processes;
using Slipway.Settings;
using Slipway.Storage;
using ZstdNet;

namespace Slipway.Backups.Restoring;

/// <summary>Gives a backup's dump to programs, as often as they want it; nothing of it touches the disk in plain.</summary>
internal sealed class ArchiveSource(
    IObjectStore store,
    BackupManifest manifest,
    BackupOptions options,
    IProcessRunner processes
)
{
    private const int ChunkSize = 64 << 10;
    private readonly ArrayBufferWriter<byte> _head = new();

    /// <summary>Reads what the dump holds.</summary>
    /// <exception cref="SlipwayException">It cannot be read.</exception>
    public async Task<Contents> ReadContentsAsync(CancellationToken cancellationToken)
    {
        // Everything but the data stands at the beginning, which is kept: every other question is answered from it.
        var all = await ListAsync(RecordHeadAsync, cancellationToken, "--verbose");
        return new(
            all,
            await SectionAsync("pre-data", cancellationToken),
            await SectionAsync("data", cancellationToken),
            await SectionAsync("post-data", cancellationToken)
        );
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

    /// <summary>Writes the dump until its end, or until the reader has enough.</summary>
    public Task WriteAsync(Stream target, Action<long> progress, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await using var stored = await OpenStoredAsync(cancellationToken);
            await using var plain = await new ArchiveReader(options.Key).OpenAsync(
                manifest.Dump,
                stored,
                cancellationToken
            );
            var buffer = new byte[1 << 20];
            var written = 0L;
            for (int count; (count = await plain.ReadAsync(buffer, cancellationToken)) > 0; )
            {
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                progress(written += count);
            }
        });

    /// <summary>Reads the dump to its end and sees that it is what was written, while the reader gets what it wants of it.</summary>
    /// <exception cref="SlipwayException">It is not.</exception>
    public Task WriteAndVerifyAsync(Stream target, Action<long> progress, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await using var stored = await OpenStoredAsync(cancellationToken);
            var isWanted = true;
            var read = 0L;
            var problem = await new ArchiveReader(options.Key).ReadAsync(
                manifest.Dump,
                stored,
                async (bytes, token) =>
                {
                    progress(read += bytes.Length);
                    try
                    {
                        await (isWanted ? target.WriteAsync(bytes, token) : ValueTask.CompletedTask);
                    }
                    catch (IOException)
                    {
                        isWanted = false;
                    }
                },
                _ => { },
                cancellationToken
            );
            if (problem is not null)
            {
                throw Broken(problem, null);
            }
        });

    private async Task<IReadOnlySet<int>> SectionAsync(string section, CancellationToken cancellationToken) =>
        (await ListAsync(WriteHeadAsync, cancellationToken, $"--section={section}"))
            .Select(entry => entry.Id)
            .ToHashSet();

    private async Task<IReadOnlyList<TocEntry>> ListAsync(
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken,
        params string[] arguments
    )
    {
        // The list may be long, and a result keeps only the last of it.
        var lines = new List<string>();
        var command = RestoreCommands.List(arguments);
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
        return result.ExitCode == 0
            ? TocList.Parse(string.Join('\n', lines))
            : throw RestoreFailure.Of("its list", result);
    }

    private Task RecordHeadAsync(Stream target, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await using var stored = await OpenStoredAsync(cancellationToken);
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
        });

    private async Task<Stream> OpenStoredAsync(CancellationToken cancellationToken) =>
        await store.OpenAsync(manifest.Key(manifest.Dump), cancellationToken)
        ?? throw Broken($"{manifest.Dump.Name} is missing", null);

    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (AgeException exception) when (exception.Problem is not AgeProblem.NoKeyFits)
        {
            throw Broken(exception.Message, exception);
        }
        catch (Exception exception) when (exception is ZstdException or InvalidDataException or EndOfStreamException)
        {
            throw Broken($"it does not decompress: {exception.Message}", exception);
        }
    }

    private RestoreFailedException Broken(string problem, Exception? inner) =>
        new(
            $"its dump in {store.Location} is not what was written: {problem}",
            $"do not rely on it; use another one: ./build.sh BackupList --env {manifest.Environment}",
            isFaultOfBackup: true,
            inner: inner
        );
}

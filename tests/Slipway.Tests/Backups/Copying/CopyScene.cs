using Microsoft.Extensions.Time.Testing;
using Slipway.Backups;
using Slipway.Backups.Age;
using Slipway.Backups.Copying;
using Slipway.Runs;
using Slipway.Storage;
using Slipway.Tests.Backups.Age;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Copying;

/// <summary>A store with one small backup, encrypted and verified, and another store beside it.</summary>
internal sealed class CopyScene : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(BackupSamples.Now);

    public CopyScene()
    {
        Source = new(new FileStore(_folder["source"]));
        Target = new(new FileStore(_folder["target"]));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Lets a day pass, after which nobody is writing any more.</summary>
    public void Wait() => _time.Advance(TimeSpan.FromHours(25));

    public static byte[] Content { get; } = AgeFile.Content(300_000);

    public CallingStore Source { get; }

    public CallingStore Target { get; }

    public StringWriter Printed { get; } = new();

    public RunOutput Output => new(Printed, interactive: false, _time);

    public BackupCatalog Catalog => new(Source, "test", Output);

    public BackupCopy Copy => new(Source, Catalog, Output);

    public string PathOf(string store, string key) => Path.Combine(_folder[store], key);

    public async Task<BackupManifest> AddAsync(BackupKey? key, int number = 1)
    {
        var manifest = BackupSamples.Manifest(BackupSamples.Now.AddDays(-1), number);
        manifest = manifest with
        {
            Dump = await WriteAsync(manifest, "database.dump", Content, key),
            Globals = await WriteAsync(manifest, "globals.sql", "CREATE ROLE app;"u8.ToArray(), key),
            Keys = key?.KeyIds ?? [],
        };
        await Catalog.AddAsync(manifest, Token);
        await Catalog.AddAsync(BackupSamples.ReadBack(manifest.Started, number), Token);
        return manifest;
    }

    /// <summary>What keeps a store's backup from being read with a key; null when nothing does.</summary>
    public async Task<string?> ProblemAsync(IObjectStore store, BackupKey key, string? id = null)
    {
        var backups = await new BackupCatalog(store, "test", Output).ListAsync(Token);
        var manifest = backups.Single(backup => id is null || backup.Id == id).Manifest;
        foreach (var archive in manifest.Archives)
        {
            await using var stream = await store.OpenAsync(manifest.Key(archive), Token);
            try
            {
                var problem = stream is null
                    ? "missing"
                    : await new ArchiveReader(key).ReadAsync(
                        archive,
                        stream,
                        (_, _) => ValueTask.CompletedTask,
                        _ => { },
                        Token
                    );
                if (problem is not null)
                {
                    return $"{archive.Name}: {problem}";
                }
            }
            catch (AgeException exception)
            {
                return exception.Message;
            }
        }

        return null;
    }

    public static async Task<IReadOnlyList<string>> NamesAsync(IObjectStore store) =>
        [.. (await store.ListAsync("", Token)).Select(item => item.Key.Split('/')[^1])];

    public void Dispose()
    {
        _folder.Dispose();
        Printed.Dispose();
    }

    private async Task<StoredArchive> WriteAsync(BackupManifest manifest, string name, byte[] content, BackupKey? key)
    {
        var writer = new ArchiveWriter(key, 1);
        ArchiveSums? sums = null;
        var file = name + writer.Ending;
        await Source.PutAsync(
            BackupKeys.File("test", manifest.Id, file),
            async (stream, token) => sums = await writer.WriteAsync(new MemoryStream(content), stream, _ => { }, token),
            Token
        );
        return new(file, sums!);
    }
}

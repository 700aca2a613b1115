using Slipway.Backups;
using Slipway.Backups.Age;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Benchmarks;

/// <summary>One backup, or one verification, by the product itself in a process of its own.</summary>
internal sealed class BackupOnce
{
    private readonly FileStore _store;
    private readonly BackupCatalog _catalog;
    private readonly BackupOptions _options;
    private readonly RunOutput _output = new(TextWriter.Null, interactive: false, TimeProvider.System);

    public BackupOnce(string store, string keyFile, int jobs = 1)
    {
        var text = File.ReadLines(keyFile).First(line => line.StartsWith("AGE-SECRET-KEY-1", StringComparison.Ordinal));
        _options = new()
        {
            Key = BackupKey.TryParse("key", new Secret(text), out var key, out var problem)
                ? key
                : throw new InvalidOperationException($"{problem}"),
            Jobs = jobs,
        };
        _store = new(store);
        _catalog = new(_store, "bench", _output);
    }

    public Task BackupAsync(DatabaseUrl url) =>
        new BackupWriter(_store, _catalog, _options, new ProcessRunner(TimeProvider.System), _output).BackupAsync(
            url,
            RunId.New(TimeProvider.System).Value,
            "benchmark",
            CancellationToken.None
        );

    public async Task VerifyAsync()
    {
        var newest = (await _catalog.ListAsync(CancellationToken.None))[^1];
        await new BackupVerifier(_store, _catalog, _options, _output).VerifyAsync(
            newest.Manifest,
            CancellationToken.None
        );
    }
}

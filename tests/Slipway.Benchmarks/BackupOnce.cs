using Slipway.Backups;
using Slipway.Backups.Age;
using Slipway.Backups.Restoring;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.S3;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Benchmarks;

/// <summary>One backup, verification or restore by the product itself in a process of its own.</summary>
internal sealed class BackupOnce
{
    private readonly IObjectStore _store;
    private readonly BackupCatalog _catalog;
    private readonly BackupOptions _options;
    private readonly ProcessRunner _processes = new(TimeProvider.System);
    private readonly RunOutput _output = new(TextWriter.Null, interactive: false, TimeProvider.System);

    /// <summary>What works on one store.</summary>
    /// <param name="place">A folder, or the address of a <see cref="BenchmarkGateway"/>.</param>
    /// <param name="keyFile">An age identity.</param>
    /// <param name="jobs">How many dumps side by side.</param>
    public BackupOnce(string place, string keyFile, int jobs = 1)
    {
        var text = File.ReadLines(keyFile).First(line => line.StartsWith("AGE-SECRET-KEY-1", StringComparison.Ordinal));
        _options = new()
        {
            Key = BackupKey.TryParse("key", new Secret(text), out var key, out var problem)
                ? key
                : throw new InvalidOperationException($"{problem}"),
            Jobs = jobs,
        };
        _store = place.StartsWith("http://", StringComparison.Ordinal)
            ? new S3Store(BenchmarkGateway.Settings(new(place)), TimeProvider.System, _ => { })
            : new FileStore(place);
        _catalog = new(_store, "bench", _output);
    }

    public Task BackupAsync(DatabaseUrl url) =>
        new BackupWriter(_store, _catalog, _options, _processes, _output).BackupAsync(
            url,
            RunId.New(TimeProvider.System).Value,
            "benchmark",
            CancellationToken.None
        );

    public async Task VerifyAsync() =>
        await new BackupVerifier(_store, _catalog, _options, _output).VerifyAsync(
            await NewestAsync(),
            CancellationToken.None
        );

    public async Task RestoreAsync(DatabaseUrl target) =>
        await new DatabaseRestorer(_store, _options, new(), _processes, _output).RestoreAsync(
            await NewestAsync(),
            target,
            null,
            CancellationToken.None
        );

    private async Task<BackupManifest> NewestAsync() => (await _catalog.ListAsync(CancellationToken.None))[^1].Manifest;
}

using Slipway.Backups;
using Slipway.Drivers.Tests.Support;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Drivers.Tests.S3;

/// <summary>Backups to a bucket that goes away while they are written.</summary>
[Trait("Needs", "Server")]
public sealed class S3BackupTests(RadosGateway gateway, PostgresCluster cluster) : IAsyncLifetime
{
    private readonly StringWriter _printed = new();
    private S3Bench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunOutput Output => new(TextWriter.Synchronized(_printed), interactive: false, TimeProvider.System);

    [Fact]
    public async Task A_store_that_goes_in_the_middle_and_comes_back_in_time_costs_nothing_but_time()
    {
        var url = await DatabaseAsync();
        Task? away = null;
        _bench.Proxy.Add(
            new() { ResetsRequestAfter = 1000 },
            request => request.Part == 2 && (away ??= GoForAMomentAsync()) is not null
        );
        var options = new BackupOptions { Encrypts = false };

        var manifest = await BackupAsync(url, options, attempts: 8);
        await away!;

        var catalog = new BackupCatalog(_bench.Store, "test", Output);
        await new BackupVerifier(_bench.Store, catalog, options, Output).VerifyAsync(manifest, Token);
        Assert.Equal(manifest.Id, (await catalog.LatestAsync(Token))!.Id);
        Assert.Equal(0, (await _bench.LeftAsync()).Uploads);
    }

    [Fact]
    public async Task A_store_that_goes_in_the_middle_and_stays_away_fails_the_backup_and_takes_the_next()
    {
        var url = await DatabaseAsync();
        Task? away = null;
        _bench.Proxy.Add(
            new() { ResetsRequestAfter = 1000 },
            request => request.Part == 2 && (away ??= _bench.Proxy.GoAsync()) is not null
        );
        var options = new BackupOptions { Encrypts = false };

        var error = await Assert.ThrowsAnyAsync<SlipwayException>(() => BackupAsync(url, options, attempts: 2));
        await away!;

        Assert.Contains(_bench.Settings.Bucket, error.Message, StringComparison.Ordinal);
        Assert.Contains("is still in", _printed.ToString(), StringComparison.Ordinal);
        _bench.Proxy.ComeBack();
        var catalog = new BackupCatalog(_bench.Store, "test", Output);
        Assert.Empty(await catalog.ListAsync(Token));
        var manifest = await BackupAsync(url, options, attempts: 8);
        await new BackupVerifier(_bench.Store, catalog, options, Output).VerifyAsync(manifest, Token);
        Assert.Equal([manifest.Id], (await catalog.ListAsync(Token)).Select(backup => backup.Id));
    }

    public async ValueTask InitializeAsync() => _bench = await S3Bench.CreateAsync(gateway);

    public async ValueTask DisposeAsync()
    {
        await _printed.DisposeAsync();
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }
    }

    private async Task GoForAMomentAsync()
    {
        await _bench.Proxy.GoAsync();
        while (
            !_bench.Warnings.ToArray().Any(warning => warning.Contains("Connection refused", StringComparison.Ordinal))
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), Token);
        }

        _bench.Proxy.ComeBack();
    }

    private async Task<BackupManifest> BackupAsync(DatabaseUrl url, BackupOptions options, int attempts)
    {
        using var store = _bench.StoreWith(_bench.Settings with { Attempts = attempts });
        return await new BackupWriter(
            store,
            new(store, "test", Output),
            options,
            new ProcessRunner(TimeProvider.System),
            Output
        ).BackupAsync(url, RunId.New(TimeProvider.System).Value, "test", Token);
    }

    // Four parts and more, compressed.
    private async Task<DatabaseUrl> DatabaseAsync()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(
            url,
            "CREATE TABLE notes AS SELECT md5(n::text) || md5((-n)::text) AS t FROM generate_series(1, 700000) AS n",
            Token
        );
        return url;
    }
}

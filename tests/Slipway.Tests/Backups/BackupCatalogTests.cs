using Microsoft.Extensions.Time.Testing;
using Slipway.Backups;
using Slipway.Storage;
using Slipway.Tests.Support;
using static Slipway.Tests.Backups.BackupSamples;

namespace Slipway.Tests.Backups;

public sealed class BackupCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _printed = new();
    private readonly CallingStore _store;
    private readonly BackupCatalog _catalog;

    public BackupCatalogTests()
    {
        _store = new(new FileStore(_folder.Path));
        _catalog = new(_store, "test", new(_printed, interactive: false, new FakeTimeProvider(Now)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_no_more_than_the_newest_verified_backup_to_name_it()
    {
        for (var day = 5; day >= 2; day--)
        {
            await AddAsync(Now.AddDays(-day), 1, null);
        }

        // Nobody has read the newest one back yet.
        await _catalog.AddAsync(Manifest(Now.AddDays(-1)), Token);

        var latest = await _catalog.LatestAsync(Token);

        Assert.Equal(IdOf(Now.AddDays(-2)), latest!.Id);
        Assert.Equal(2, _store.Calls.Count(call => call.StartsWith("open ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Goes_back_past_backups_that_were_found_broken()
    {
        await AddAsync(Now.AddDays(-3), 1, null);
        await AddAsync(Now.AddDays(-2), 1, "database.dump.zst.age is missing");

        Assert.Equal(IdOf(Now.AddDays(-3)), (await _catalog.LatestAsync(Token))!.Id);
    }

    [Fact]
    public async Task Of_two_that_were_begun_within_a_second_the_later_one_is_the_newest()
    {
        await AddAsync(Now.AddMilliseconds(700), 1, null);
        await AddAsync(Now.AddMilliseconds(300), 2, null);

        Assert.Equal(IdOf(Now, 1), (await _catalog.LatestAsync(Token))!.Id);
        Assert.Equal(IdOf(Now, 1), (await _catalog.ListAsync(Token))[^1].Id);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _printed.Dispose();
    }

    private async Task AddAsync(DateTimeOffset started, int number, string? problem)
    {
        await _catalog.AddAsync(Manifest(started, number), Token);
        await _catalog.AddAsync(ReadBack(started, number, problem), Token);
    }
}

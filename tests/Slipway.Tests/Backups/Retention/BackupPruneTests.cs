using Microsoft.Extensions.Time.Testing;
using Slipway.Backups;
using Slipway.Backups.Retention;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;
using static Slipway.Tests.Backups.BackupSamples;

namespace Slipway.Tests.Backups.Retention;

public sealed class BackupPruneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _printed = new();
    private readonly FakeTimeProvider _time = new(Now);
    private readonly CallingStore _store;

    public BackupPruneTests() => _store = new(new FileStore(_folder.Path));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunOutput Output => new(_printed, interactive: false, _time);

    private BackupCatalog Catalog => new(_store, "test", Output);

    [Fact]
    public async Task Removes_what_the_plan_says_and_each_manifest_before_its_files()
    {
        await AddAsync(1, 2, 8, 9, 30, 100);
        _store.Calls.Clear();

        Assert.Equal(ExitCode.Done, await PruneAsync());

        Assert.Equal([100, 30, 2, 1], await AgesAsync());
        var deletes = _store.Calls.Where(call => call.StartsWith("delete", StringComparison.Ordinal)).ToList();
        Assert.Equal(8, deletes.Count);
        Assert.EndsWith("manifest.json", deletes[0], StringComparison.Ordinal);
        Assert.EndsWith("manifest.json", deletes[4], StringComparison.Ordinal);
        Assert.DoesNotContain(
            await _store.ListAsync("", Token),
            item => item.Key.Contains(Id(8), StringComparison.Ordinal)
        );
        Assert.Equal(4, Directory.GetDirectories(Path.Combine(_folder.Path, "backups", "test")).Length);
    }

    [Fact]
    public async Task Shows_the_same_plan_in_a_dry_run_and_removes_nothing()
    {
        await AddAsync(1, 8, 9, 30);

        Assert.Equal(ExitCode.Done, await PruneAsync(dryRun: true));
        var dry = _printed.ToString();
        Assert.Equal([30, 9, 8, 1], await AgesAsync());
        _printed.GetStringBuilder().Clear();
        await PruneAsync();

        Assert.StartsWith(dry, _printed.ToString(), StringComparison.Ordinal);
        Assert.Equal([30, 1], await AgesAsync());
    }

    [Fact]
    public async Task Goes_on_after_one_that_cannot_be_removed_and_says_so()
    {
        await AddAsync(1, 8, 9, 30);
        _store.Before = (call, key) =>
            call is "delete" && key.Contains(Id(9), StringComparison.Ordinal)
                ? new IOException("the disk is read-only")
                : null;

        Assert.Equal(ExitCode.Failed, await PruneAsync());

        Assert.Equal([30, 9, 1], await AgesAsync());
        Assert.Contains($"WARNING: {Id(9)} was not removed", _printed.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("database.dump.zst.age")]
    public async Task Keeps_a_backup_that_the_store_has_locked_whole(string locked)
    {
        await AddAsync(1, 8, 9, 30);
        _store.Before = (call, key) =>
            call is "delete" && key.EndsWith($"{Id(9)}/{locked}", StringComparison.Ordinal)
                ? new ObjectLockedException(key, Now.AddDays(3))
                : null;

        Assert.Equal(ExitCode.Done, await PruneAsync());

        Assert.Equal([30, 9, 1], await AgesAsync());
        Assert.Contains("is locked until 2026-03-18 12:00Z", _printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finishes_what_a_killed_prune_began()
    {
        await AddAsync(1, 8, 9, 30);
        _store.Before = (call, key) =>
            call is "delete" && key.EndsWith("globals.sql.zst.age", StringComparison.Ordinal)
                ? new IOException("killed")
                : null;
        await PruneAsync();
        Assert.Equal([30, 1], await AgesAsync());
        _store.Before = null;

        Assert.Equal(ExitCode.Done, await PruneAsync());

        Assert.DoesNotContain(
            await _store.ListAsync("", Token),
            item => item.Key.Contains(Id(9), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Removes_nothing_when_the_clock_is_wrong()
    {
        await AddAsync(1, 8, 9, 30);
        _time.Advance(TimeSpan.FromDays(5000));

        Assert.Equal(ExitCode.Refused, await PruneAsync());

        Assert.Equal(4, (await Catalog.ListAsync(Token)).Count);
        Assert.Contains("nothing is removed: the clock says", _printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_what_a_deploy_may_still_need()
    {
        await AddAsync(1, 8, 9, 10, 11, 12, 30);
        await LeaseAsync(DeployLease.Held, Id(9));
        var unfinished = new RunRecorder(_folder["records"], _store, "test", new(Id(10)), new([]), _time);
        await unfinished.AppendAsync(RunEvent.RunStarted);
        await unfinished.AppendAsync(
            RunEvent.StepFinished,
            KeyValuePair.Create("step", "PreBackup"),
            KeyValuePair.Create("backup", Id(12))
        );
        var finished = new RunRecorder(_folder["records"], _store, "test", new(Id(8)), new([]), _time);
        await finished.AppendAsync(RunEvent.RunFinished);

        await PruneAsync(verifiedRun: Id(11));

        Assert.Equal([30, 12, 11, 10, 9, 1], await AgesAsync());
    }

    [Fact]
    public async Task Keeps_the_backup_of_a_run_whose_record_is_broken()
    {
        await AddAsync(1, 8, 9, 30);
        await PutAsync($"runs/test/{Id(9)}.jsonl", "no record\n");

        await PruneAsync();

        Assert.Equal([30, 9, 1], await AgesAsync());
    }

    [Fact]
    public async Task Leaves_backups_alone_whose_manifest_cannot_be_read()
    {
        await AddAsync(1, 8, 30);
        await PutAsync($"backups/test/{Id(50)}/manifest.json", "{");

        await PruneAsync();

        Assert.Contains(await _store.ListAsync("", Token), item => item.Key.Contains(Id(50), StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _printed.Dispose();
    }

    private static string Id(int days) => IdOf(Now.AddDays(-days), days);

    private Task<ExitCode> PruneAsync(bool dryRun = false, string? verifiedRun = null)
    {
        var policy = new RetentionPolicy
        {
            Days = 1,
            Weeks = 0,
            Months = 0,
            Years = 0,
            Minimum = 1,
        };
        return new BackupPrune(_store, Catalog, policy with { Months = 2 }, Output).RunAsync(
            dryRun,
            verifiedRun,
            Token
        );
    }

    private async Task AddAsync(params IReadOnlyList<int> days)
    {
        foreach (var age in days)
        {
            var started = Now.AddDays(-age);
            var manifest = Manifest(started, age);
            foreach (var archive in manifest.Archives)
            {
                await PutAsync(manifest.Key(archive), "content");
            }

            await Catalog.AddAsync(manifest, Token);
            await Catalog.AddAsync(ReadBack(started, age), Token);
            if (age >= 100)
            {
                var restored = Restored(started, started.AddHours(1)) with { Backup = manifest.Id };
                await Catalog.AddAsync(restored, Token);
            }
        }
    }

    private Task LeaseAsync(string state, string run) =>
        PutAsync(
            "locks/test.json",
            System.Text.Encoding.UTF8.GetString(
                new DeployLease
                {
                    Run = run,
                    Holder = "somebody@somewhere",
                    ProcessId = 1,
                    Since = Now,
                    Heartbeat = Now,
                    State = state,
                }.ToJson()
            )
        );

    private Task PutAsync(string key, string text) =>
        _store.PutAsync(
            key,
            (stream, token) => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), token).AsTask(),
            Token
        );

    private async Task<IReadOnlyList<int>> AgesAsync() =>
        [.. (await Catalog.ListAsync(Token)).Select(backup => (int)(Now - backup.Manifest.Started).TotalDays)];
}

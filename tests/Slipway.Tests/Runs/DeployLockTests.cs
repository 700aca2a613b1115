using Microsoft.Extensions.Time.Testing;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;

namespace Slipway.Tests.Runs;

[Trait("Needs", "Server")]
public sealed class DeployLockTests(PostgresCluster cluster) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-lock-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FileStore Store => new(_folder.FullName);

    [Fact]
    public async Task Of_many_who_want_it_exactly_one_gets_it()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);

        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryAsync(url)));

        Assert.Single(tries, taken => taken is not null);
        Assert.NotNull(await DeployLock.ReadAsync(Store, "test", Token));
        await tries.First(taken => taken is not null)!.ReleaseAsync(Token);
        Assert.Null(await DeployLock.ReadAsync(Store, "test", Token));
    }

    [Fact]
    public async Task Is_free_when_letting_go_has_ended_however_slow_the_server_is()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        var held = await AcquireAsync(url);
        var backend = await SessionAsync(url);
        await SignalAsync("-STOP", backend);
        var release = held.ReleaseAsync(Token);
        await Task.WhenAny(release, Task.Delay(TimeSpan.FromSeconds(1), Token));
        var early = release.IsCompleted;
        await SignalAsync("-CONT", backend);
        await release;

        Assert.False(early, "it said so before the server knew");
        await using var next = await AcquireAsync(url);
    }

    [Fact]
    public async Task Tells_who_has_it()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await using var held = await AcquireAsync(url);

        var error = await Assert.ThrowsAsync<SlipwayException>(() => AcquireAsync(url));

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains(Holder.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Excludes_deploys_to_one_database_from_different_stores()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await using var held = await AcquireAsync(url);
        var other = new FileStore(Path.Combine(_folder.FullName, "other"));

        await Assert.ThrowsAsync<SlipwayException>(() =>
            DeployLock.AcquireAsync(
                other,
                "elsewhere",
                url,
                RunId.New(TimeProvider.System),
                false,
                TimeProvider.System,
                Token
            )
        );
    }

    [Fact]
    public async Task Is_taken_over_from_a_run_whose_connection_died()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await using var dead = await AcquireAsync(url);
        await KillSessionsAsync(url);

        await using var next = await AcquireAsync(url);

        Assert.NotNull(next.TakenOver);
    }

    [Fact]
    public async Task Is_kept_for_a_person_until_somebody_takes_it_on_purpose()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        var held = await AcquireAsync(url);
        await held.HoldAsync("half a migration", Token);

        var error = await Assert.ThrowsAsync<SlipwayException>(() => AcquireAsync(url));
        Assert.Contains("half a migration", error.Message, StringComparison.Ordinal);
        Assert.Contains("Resume", error.Hint, StringComparison.Ordinal);

        await using var taken = await AcquireAsync(url, takeHeld: true);
        Assert.Equal("half a migration", taken.TakenOver!.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"run\":")]
    public async Task A_lease_that_cannot_be_read_is_held_until_a_person_frees_it(string lease)
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "locks"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "locks", "test.json"), lease, Token);

        var error = await Assert.ThrowsAsync<SlipwayException>(() => AcquireAsync(url));

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("cannot be read", error.Message, StringComparison.Ordinal);
        Assert.Contains("Unlock", error.Hint, StringComparison.Ordinal);
        var taken = await AcquireAsync(url, takeHeld: true);
        await taken.ReleaseAsync(Token);
        Assert.Null(await DeployLock.ReadAsync(Store, "test", Token));
    }

    [Fact]
    public async Task Is_held_again_when_the_run_that_took_it_over_changed_nothing()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        var held = await AcquireAsync(url);
        await held.HoldAsync("half a migration", Token);
        var before = await DeployLock.ReadAsync(Store, "test", Token);

        await using var resume = await AcquireAsync(url, takeHeld: true);
        await resume.GiveBackAsync(Token);

        Assert.Equal(before, await DeployLock.ReadAsync(Store, "test", Token));
        Assert.Equal(before, resume.GivenBack);
    }

    [Fact]
    public async Task Is_held_after_a_dead_run_when_the_next_one_could_not_deal_with_it()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await using var dead = await AcquireAsync(url);
        await KillSessionsAsync(url);
        var next = await AcquireAsync(url);

        await next.DisposeAsync();

        var lease = await DeployLock.ReadAsync(Store, "test", Token);
        Assert.Equal((DeployLease.Held, next.TakenOver!.Run), (lease!.State, lease.Run));
        Assert.Contains("died", lease.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_free_after_a_run_that_went_on_from_what_it_took_over()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        var held = await AcquireAsync(url);
        await held.HoldAsync("half a migration", Token);
        await using var resume = await AcquireAsync(url, takeHeld: true);

        resume.Settle();
        await resume.GiveBackAsync(Token);

        Assert.Null(await DeployLock.ReadAsync(Store, "test", Token));
    }

    [Fact]
    public async Task Keeps_a_hold_whose_taking_over_cannot_be_written()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await (await AcquireAsync(url)).HoldAsync("half a migration", Token);
        var full = new WatchedStore(Store) { Writing = () => throw new IOException("no space left") };

        await Assert.ThrowsAsync<IOException>(() => AcquireAsync(url, takeHeld: true, full));

        Assert.Equal("half a migration", (await DeployLock.ReadAsync(Store, "test", Token))!.Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lets_nobody_in_before_its_lease_is_final(bool hold)
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        var store = new WatchedStore(Store);
        await using var held = await AcquireAsync(url, store: store);
        var slippedIn = 0;
        store.Writing = async () => slippedIn += await TryAsync(url) is null ? 0 : 1;

        await (hold ? held.HoldAsync("half a migration", Token) : held.ReleaseAsync(Token));

        Assert.Equal(0, slippedIn);
        Assert.Equal(hold, await TryAsync(url) is null);
    }

    [Fact]
    public async Task Goes_on_beating_after_a_write_that_failed_and_still_notices_its_loss()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var beats = new SemaphoreSlim(0);
        var store = new WatchedStore(Store);
        await using var held = await AcquireAsync(url, store: store, time: time);
        store.Writing = () =>
        {
            beats.Release();
            throw new IOException("no space left");
        };
        time.Advance(TimeSpan.FromSeconds(10));
        await beats.WaitAsync(Token);
        time.Advance(TimeSpan.FromSeconds(10));
        await beats.WaitAsync(Token);
        Assert.False(held.Lost.IsCancellationRequested);

        await KillSessionsAsync(url);
        time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(held.Lost);

        Assert.Contains("connection to the database", held.LostBecause, StringComparison.Ordinal);
        store.Writing = () => Task.CompletedTask;
        await held.ReleaseAsync(Token);
    }

    [Fact]
    public async Task Outlives_a_database_that_is_closed_and_renamed_as_a_restore_does()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var beats = new SemaphoreSlim(0);
        var store = new WatchedStore(Store);
        await using var held = await AcquireAsync(url, store: store, time: time);
        store.Writing = () =>
        {
            beats.Release();
            return Task.CompletedTask;
        };
        await BesideAsync(url, $"ALTER DATABASE {url.Database} ALLOW_CONNECTIONS false");
        await BesideAsync(
            url,
            $"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{url.Database}'"
        );

        Assert.Null(await TryAsync(url));

        await BesideAsync(url, $"ALTER DATABASE {url.Database} RENAME TO {url.Database}_old");
        await BesideAsync(url, $"CREATE DATABASE {url.Database} TEMPLATE template0");
        Assert.Null(await TryAsync(url));
        time.Advance(TimeSpan.FromSeconds(10));
        await beats.WaitAsync(Token);
        time.Advance(TimeSpan.FromSeconds(10));
        await beats.WaitAsync(Token);
        Assert.False(held.Lost.IsCancellationRequested);
        Assert.Null(held.LostBecause);
        await held.ReleaseAsync(Token);
        await using var next = await AcquireAsync(url);
    }

    [Fact]
    public async Task Can_be_taken_where_a_restore_that_died_left_the_database_closed()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await BesideAsync(url, $"ALTER DATABASE {url.Database} ALLOW_CONNECTIONS false");

        await using var held = await AcquireAsync(url);

        Assert.Null(await TryAsync(url));
    }

    [Fact]
    public async Task Excludes_also_roles_that_may_not_look_beside_the_database()
    {
        await using var own = new PostgresCluster();
        var url = await TestDatabase.CreateAsync(own, Token);
        await TestDatabase.ExecuteAsync(
            url,
            "CREATE ROLE narrow LOGIN; REVOKE CONNECT ON DATABASE postgres FROM PUBLIC",
            Token
        );
        var narrow = url with { User = "narrow" };

        await using (await AcquireAsync(url))
        {
            Assert.Null(await TryAsync(narrow));
        }

        await DeleteLeaseAsync();
        await using var held = await AcquireAsync(narrow);
        Assert.Null(await TryAsync(url));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task UntilAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    private async Task<DeployLock?> TryAsync(DatabaseUrl url)
    {
        try
        {
            return await AcquireAsync(url);
        }
        catch (SlipwayException)
        {
            return null;
        }
    }

    private Task<DeployLock> AcquireAsync(
        DatabaseUrl url,
        bool takeHeld = false,
        IObjectStore? store = null,
        TimeProvider? time = null
    ) =>
        DeployLock.AcquireAsync(
            store ?? Store,
            "test",
            url,
            RunId.New(TimeProvider.System),
            takeHeld,
            time ?? TimeProvider.System,
            Token
        );

    private Task DeleteLeaseAsync() => Store.DeleteAsync("locks/test.json", Token);

    private static Task BesideAsync(DatabaseUrl url, string sql) =>
        TestDatabase.ExecuteAsync(url with { Database = "postgres" }, sql, Token);

    private static async Task<int> SessionAsync(DatabaseUrl url)
    {
        await using var source = PostgresSource.Create(url, "looker");
        await using var look = source.CreateCommand(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'slipway lock' AND datname = current_database()"
        );
        return (int)(await look.ExecuteScalarAsync(Token))!;
    }

    private static Task<CommandResult> SignalAsync(string signal, int process) =>
        new ProcessRunner(TimeProvider.System).RunAsync(Command.Of("kill", signal, $"{process}"), null, Token);

    // The lock is held by two sessions: one in the database, one beside it.
    private static async Task KillSessionsAsync(DatabaseUrl url)
    {
        await using var source = PostgresSource.Create(url with { Database = "postgres" }, "killer");
        await using var kill = source.CreateCommand(
            """
            SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND (classid, objid) IN (
                SELECT classid, objid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                WHERE locktype = 'advisory' AND datname = $1)
            """
        );
        kill.Parameters.Add(new() { Value = url.Database });
        await kill.ExecuteNonQueryAsync(Token);
    }
}

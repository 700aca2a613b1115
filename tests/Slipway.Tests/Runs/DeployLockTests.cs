using Slipway.Postgres;
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

    public void Dispose() => _folder.Delete(recursive: true);

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

    private Task<DeployLock> AcquireAsync(DatabaseUrl url, bool takeHeld = false) =>
        DeployLock.AcquireAsync(
            Store,
            "test",
            url,
            RunId.New(TimeProvider.System),
            takeHeld,
            TimeProvider.System,
            Token
        );

    private static async Task KillSessionsAsync(DatabaseUrl url)
    {
        await using var source = PostgresSource.Create(url with { Database = "postgres" }, "killer");
        await using var kill = source.CreateCommand(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'slipway lock' AND datname = $1"
        );
        kill.Parameters.Add(new() { Value = url.Database });
        await kill.ExecuteNonQueryAsync(Token);
    }
}

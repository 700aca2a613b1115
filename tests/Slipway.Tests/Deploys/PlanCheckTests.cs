using Slipway.Deploys;
using Slipway.Settings;
using Slipway.Tests.Backups.Restoring;
using Slipway.Tests.Support;

namespace Slipway.Tests.Deploys;

/// <summary>What was planned, backed up and rehearsed is what is migrated.</summary>
[Trait("Needs", "Server")]
public sealed class PlanCheckTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string Name = "20260101000000_first";
    private DatabaseUrl _url = null!;
    private DeployProject _project = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refuses_a_database_that_came_in_the_place_of_the_planned_one()
    {
        var failure = await _project.FailAsync(chain => RunAsync(chain, between: ReplaceAsync));

        Assert.Equal(ExitCode.Refused, failure.ExitCode);
        Assert.Contains("is not the one that was planned for", failure.Message, StringComparison.Ordinal);
        Assert.Contains("./build.sh Deploy --env test", failure.Hint, StringComparison.Ordinal);
        Assert.Empty(await TablesAsync());
    }

    [Fact]
    public async Task Refuses_a_file_that_was_edited_after_it_was_rehearsed()
    {
        var failure = await _project.FailAsync(chain =>
            RunAsync(
                chain,
                async () =>
                {
                    await chain.StepAsync("PreBackup", chain.PreBackupAsync, Token);
                    await chain.StepAsync("Rehearse", chain.RehearseAsync, Token);
                    _project.AddMigration(Name, "CREATE TABLE other (id int);");
                }
            )
        );

        Assert.Equal(ExitCode.Refused, failure.ExitCode);
        Assert.Contains($"{Name} changed since then", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await TablesAsync());
    }

    [Fact]
    public async Task Refuses_to_rehearse_another_text_than_the_planned_one()
    {
        var failure = await _project.FailAsync(async chain =>
        {
            await BackUpAsync(chain);
            _project.AddMigration(Name, "CREATE TABLE other (id int);");
            await chain.StepAsync("Rehearse", chain.RehearseAsync, Token);
        });

        Assert.Contains($"{Name}/migration.sql was edited after the plan", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "'x', '{0}', now(), now(), NULL",
        "The migration history is not that of the plan: 1 rows are new or other than then, 0 are gone"
    )]
    [InlineData("'x', '{0}', now(), NULL, now()", "1 rows are new or other than then")]
    public async Task Refuses_a_history_to_which_somebody_wrote(string row, string message)
    {
        var failure = await _project.FailAsync(chain =>
            RunAsync(
                chain,
                () =>
                    TestDatabase.ExecuteAsync(
                        _url,
                        string.Format(
                            null,
                            "INSERT INTO _prisma_migrations (checksum, migration_name, started_at, finished_at, rolled_back_at, id) VALUES ("
                                + row
                                + ", gen_random_uuid())",
                            Name
                        ),
                        Token
                    )
            )
        );

        Assert.Equal(ExitCode.Refused, failure.ExitCode);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Empty(await TablesAsync());
    }

    [Fact]
    public async Task Resumes_with_a_backup_of_the_database_that_is_there_now()
    {
        await _project.DoAsync(BackUpAsync);
        _project.Intent = DeployIntent.Resume;

        var fresh = await _project.DoAsync(BackUpAsync);
        await ReplaceAsync();
        var other = await _project.DoAsync(BackUpAsync);

        Assert.Contains("is fresh, and was read back again", fresh, StringComparison.Ordinal);
        Assert.DoesNotContain("is fresh", other, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        _url = await TestDatabase.CreateAsync(cluster, Token);
        _project = new($"postgresql://{_url.User}@{_url.Host}:{_url.Port}/{_url.Database}?sslmode=disable");
        // The first is applied and its history is there; the second is what a run is about.
        _project.AddMigration("20250101000000_before", "SELECT 1;");
        await _project.CommitAsync();
        await _project.DoAsync(chain => RunAsync(chain, () => Task.CompletedTask));
        await _project.DoAsync(chain => chain.UnlockAsync("test", Token));
        _project.AddMigration(Name, "CREATE TABLE first (id int);");
    }

    public ValueTask DisposeAsync()
    {
        _project.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task RunAsync(DeployChain chain, Func<Task> between)
    {
        await chain.StepAsync("Preflight", chain.PreflightAsync, Token);
        await between();
        await chain.StepAsync("MigrateDeploy", chain.MigrateDeployAsync, Token);
    }

    private static async Task BackUpAsync(DeployChain chain)
    {
        await chain.StepAsync("Preflight", chain.PreflightAsync, Token);
        await chain.StepAsync("PreBackup", chain.PreBackupAsync, Token);
    }

    // As a restore does it: the same rows under the same name.
    private async Task ReplaceAsync()
    {
        var server = _url with { Database = "postgres" };
        await TestDatabase.ExecuteAsync(
            server,
            $"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{_url.Database}'",
            Token
        );
        await TestDatabase.ExecuteAsync(server, $"ALTER DATABASE {_url.Database} RENAME TO {_url.Database}_old", Token);
        await TestDatabase.ExecuteAsync(server, $"CREATE DATABASE {_url.Database} TEMPLATE {_url.Database}_old", Token);
    }

    private Task<IReadOnlyList<string>> TablesAsync() =>
        RestoreSite.AskAsync(_url, "SELECT tablename FROM pg_tables WHERE tablename IN ('first', 'other')");
}

using Slipway.Backups;
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

    [Fact]
    public async Task Does_not_send_a_person_to_a_deploy_that_the_lock_refuses()
    {
        _project.AddMigration(Name, "CREATE TABLE first (id int);\nCREATE INDEX CONCURRENTLY i ON nowhere (id);");
        await _project.DoAsync(chain => FailAsync(chain, "MigrateDeploy", chain.MigrateDeployAsync));
        _project.AddMigration(Name, "CREATE TABLE other (id int);");
        _project.Intent = DeployIntent.Resume;

        var printed = await _project.DoAsync(chain =>
            FailAsync(chain, "MigrateStatus", token => chain.MigrateStatusAsync(false, token))
        );

        Assert.Contains("Lock    held: a migration is half applied", printed, StringComparison.Ordinal);
        Assert.Contains(
            "Next    look at it, then one of: ./build.sh Resume --env test",
            printed,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Does_not_advise_to_drop_the_live_database()
    {
        var failure = await _project.FailAsync(chain => chain.RestoreAsync(null, _url.Database, null, null, Token));

        Assert.Equal(ExitCode.Refused, failure.ExitCode);
        Assert.Contains($"--to {_url.Database} is the live database", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Restore --env test --to NEW_DATABASE", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_it_restores_an_older_backup_when_the_newest_is_broken()
    {
        await _project.DoAsync(chain => chain.BackupAsync(null, null, Token));
        await _project.DoAsync(chain => chain.BackupAsync(null, null, Token));
        var newest = Directory.GetFiles(_project.StoreFolder, "manifest.json", SearchOption.AllDirectories).Max()!;
        var dump = Path.Combine(Path.GetDirectoryName(newest)!, "database.dump.zst.age");
        await File.AppendAllTextAsync(dump, "x", Token);
        var id = Path.GetFileName(Path.GetDirectoryName(newest))!;
        await _project.FailAsync(chain => chain.BackupVerifyAsync(id, VerificationLevel.ReadBack, null, Token));

        var printed = await _project.DoAsync(chain =>
            chain.RestoreAsync(null, $"{_url.Database}_to", null, null, Token)
        );

        Assert.Contains($"WARNING: the newest backup {id} is passed over (", printed, StringComparison.Ordinal);
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

    private static async Task FailAsync(DeployChain chain, string name, Func<CancellationToken, Task<StepReport>> step)
    {
        await chain.StepAsync("Preflight", chain.PreflightAsync, Token);
        await Assert.ThrowsAnyAsync<SlipwayException>(() => chain.StepAsync(name, step, Token));
        await chain.ConcludeAsync(false, Token);
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

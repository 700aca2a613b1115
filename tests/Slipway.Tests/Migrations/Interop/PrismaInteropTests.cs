using System.Runtime.CompilerServices;
using Npgsql;
using Slipway.Migrations;
using Slipway.Processes;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Interop;

/// <summary>Prisma 6.19 with its own schema engine.</summary>
[Trait("Needs", "Server")]
public sealed class PrismaInteropTests(PostgresCluster cluster)
    : InteropContract(
        cluster,
        "prisma",
        """
        SELECT string_agg(concat_ws(' ', migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, logs, applied_steps_count), ',' ORDER BY migration_name)
        FROM _prisma_migrations
        """
    )
{
    [Fact]
    public async Task Sees_an_edited_file_where_Prisma_says_up_to_date()
    {
        var url = await AppliedAsync();
        Project.Add(1, "users", "CREATE TABLE users (id bigint);");

        Assert.True(await IsUpToDateAsync(url));
        Assert.Equal(ExitCode.MigrationsChanged, (await StatusAsync(url)).ExitCode);
    }

    [Fact]
    public async Task Sees_a_missing_file_where_Prisma_says_up_to_date()
    {
        var url = await AppliedAsync();
        Project.Remove(2, "rows");

        Assert.True(await IsUpToDateAsync(url));
        Assert.Equal(ExitCode.MigrationsMissing, (await StatusAsync(url)).ExitCode);
    }

    [Fact]
    public async Task Sees_what_was_rolled_back_where_Prisma_says_up_to_date()
    {
        var url = await AppliedAsync();
        await RunAsync(url, "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '02_rows'");

        Assert.True(await IsUpToDateAsync(url));
        var status = await StatusAsync(url);
        Assert.Equal((ExitCode.MigrationsRolledBack, 1), (status.ExitCode, status.Pending.Count));
    }

    [Fact]
    public async Task Sees_a_failure_where_Prisma_tells_of_pending_ones_only()
    {
        var url = await AppliedAsync();
        await RunAsync(url, "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '02_rows'");
        Project.Add(3, "more", "SELECT 1;");

        var said = await TryPrismaAsync(url, "migrate", "status");

        Assert.DoesNotContain("failed", said.Output + said.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ExitCode.MigrationsFailed, (await StatusAsync(url)).ExitCode);
    }

    [Fact]
    public async Task Sees_pending_again_what_we_undid()
    {
        var url = await AppliedAsync();

        await RollBackAsync(url);

        Assert.False(await IsUpToDateAsync(url));
        await UpAsync(url);
        Assert.Equal("2 applied", await SummaryAsync(url));
    }

    [Fact]
    public async Task Takes_a_baseline_and_a_resolution_of_ours_for_its_own()
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        First();
        foreach (var url in new[] { ours, pure })
        {
            await RunAsync(url, "CREATE TABLE users (id int PRIMARY KEY, name text)");
        }

        await BaselineAsync(ours, "01_users");
        Assert.Equal(0, (await TryPrismaAsync(pure, "migrate", "resolve", "--applied", "01_users")).ExitCode);

        Assert.Equal(await RowsAsync(pure), await RowsAsync(ours));
        Assert.Equal(await SchemaDump.OfAsync(pure), await SchemaDump.OfAsync(ours));
        await UpAsync(ours);
        Assert.Equal("2 applied", await SummaryAsync(ours));
    }

    [Fact]
    public async Task Keep_each_other_out_when_Prisma_is_ahead()
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        Everything();
        var prisma = TryPrismaAsync(ours, "migrate", "deploy");
        await UntilAsync(ours, "SELECT to_regclass('users') IS NOT NULL");

        // Nothing is left for it, or it is told that the plan has changed.
        if (await Record.ExceptionAsync(() => DeployAsync(ours)) is { } refused)
        {
            Assert.Equal(ExitCode.Refused, Assert.IsType<SlipwayException>(refused).ExitCode);
        }

        Assert.Equal(0, (await prisma).ExitCode);
        await IsAppliedOnceAsync(ours, pure);
    }

    [Fact]
    public async Task Keep_each_other_out_when_Prisma_waits_and_an_index_is_built()
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        First();
        await DeployAsync(ours);
        Everything();
        await using var writer = new NpgsqlConnection(Connection(ours));
        await writer.OpenAsync(Token);
        await using var command = new NpgsqlCommand("BEGIN; INSERT INTO users VALUES (7, 'never')", writer);
        await command.ExecuteNonQueryAsync(Token);
        var deploy = DeployAsync(ours);
        await UntilAsync(ours, "SELECT EXISTS (SELECT FROM pg_index WHERE NOT indisvalid)");
        var prisma = TryPrismaAsync(ours, "migrate", "deploy");
        await UntilAsync(ours, "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)");

        await writer.CloseAsync();
        await deploy;

        var told = await prisma;
        Assert.Equal(1, told.ExitCode);
        Assert.Contains("canceling statement due to user request", told.Output + told.Error, StringComparison.Ordinal);
        await IsAppliedOnceAsync(ours, pure);
    }

    private protected override async Task UpAsync(DatabaseUrl url)
    {
        var result = await TryPrismaAsync(url, "migrate", "deploy");
        Assert.True(result.ExitCode == 0, $"prisma ended with {result.ExitCode}: {result.Output}{result.Error}");
    }

    private protected override async Task<bool> IsUpToDateAsync(DatabaseUrl url) =>
        (await TryPrismaAsync(url, "migrate", "status")) is { ExitCode: 0 } result
        && result.Output.Contains("up to date", StringComparison.Ordinal);

    private void Everything()
    {
        First();
        Second();
        Project.Add(5, "slow", "SELECT pg_sleep(1);\nINSERT INTO users VALUES (5, 'once');");
    }

    private async Task IsAppliedOnceAsync(DatabaseUrl ours, DatabaseUrl pure)
    {
        await DeployAsync(ours);
        await UpAsync(pure);
        Assert.Equal("5 applied", await SummaryAsync(ours));
        Assert.True(await IsUpToDateAsync(ours));
        Assert.Equal(await RowsAsync(pure), await RowsAsync(ours));
        Assert.Equal(await SchemaDump.OfAsync(pure), await SchemaDump.OfAsync(ours));
        Assert.Equal(1, await TestDatabase.ScalarAsync<long>(ours, "SELECT count(*) FROM users WHERE id = 5", Token));
    }

    private async Task<DatabaseUrl> AppliedAsync()
    {
        var url = await UrlAsync();
        First();
        await UpAsync(url);
        return url;
    }

    private async Task<CommandResult> TryPrismaAsync(DatabaseUrl url, params string[] words)
    {
        var path = await NpmTool.PathAsync("prisma@6.19.3 @prisma/adapter-pg@6.19.3", "prisma");
        var home = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
        const string Stub = "/bin/true";
        await ConfigureAsync(home);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATABASE_URL"] = $"postgresql://{url.User}@{url.Host}:{url.Port}/{url.Database}",
            ["MIGRATIONS"] = Project.Folder,
            // The native engines would be fetched from elsewhere, and are not asked.
            ["PRISMA_SCHEMA_ENGINE_BINARY"] = Stub,
            ["PRISMA_QUERY_ENGINE_BINARY"] = Stub,
            ["PRISMA_QUERY_ENGINE_LIBRARY"] = Stub,
            ["PRISMA_FMT_BINARY"] = Stub,
            ["CHECKPOINT_DISABLE"] = "1",
            ["PRISMA_HIDE_UPDATE_MESSAGE"] = "1",
        };
        return await Processes.RunAsync(
            Command.Of(path, words) with
            {
                Folder = home,
                Variables = variables.ToDictionary(pair => pair.Key, pair => new Secret(pair.Value)),
                Timeout = TimeSpan.FromMinutes(3),
            },
            null,
            Token
        );
    }

    // What Prisma looks for beside its packages.
    private static async Task ConfigureAsync(string home)
    {
        await PutAsync(Path.Combine(home, "prisma.config.mjs"), await File.ReadAllTextAsync(ConfigPath(), Token));
        await PutAsync(
            Path.Combine(home, "schema.prisma"),
            "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}\n"
        );
    }

    // Whole at every moment, because other tests read it.
    private static async Task PutAsync(string path, string text)
    {
        var fresh = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(fresh, text, Token);
        File.Move(fresh, path, overwrite: true);
    }

    private static string ConfigPath([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "prisma.config.mjs");

    private Task<MigrationStatus> StatusAsync(DatabaseUrl url) => Migrator.StatusAsync(url, Project.Settings, Token);

    private static Task RunAsync(DatabaseUrl url, string sql) => TestDatabase.ExecuteAsync(url, sql, Token);
}

using Npgsql;
using Slipway.Migrations;
using Slipway.Migrations.Commands;
using Slipway.Processes;
using Slipway.Settings;
using Slipway.Tests.Releases;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations;

[Trait("Needs", "Server")]
public sealed class CommandMigratorTests(PostgresCluster cluster) : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("slipway-command-").FullName;
    private readonly StringWriter _output = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_the_projects_own_commands_and_sees_what_they_did()
    {
        var url = await UrlAsync();
        await RunAsync(url, "CREATE TABLE knex_migrations (id int, name text); CREATE TABLE flag (x int)");
        var migrator = Of(
            url,
            status: """[ "$(psql -tAc 'SELECT count(*) FROM knex_migrations')" = 2 ]""",
            deploy: """psql -qc "INSERT INTO knex_migrations VALUES (1, 'a'), (2, 'b')" && echo migrated""",
            rollback: "psql -qc 'DELETE FROM knex_migrations WHERE id = 2'"
        );

        var before = await migrator.StatusAsync(Token);
        var outcome = await migrator.DeployAsync(Token);
        var after = await migrator.StatusAsync(Token);
        var undone = await migrator.RollbackAsync(Token);

        Assert.Single(before.Pending);
        Assert.Equal(ExitCode.MigrationsPending, before.ExitCode);
        Assert.Equal(["a", "b"], outcome.Applied.Select(applied => applied.Name).Order());
        Assert.Empty(after.Pending);
        Assert.Equal(ExitCode.Done, after.ExitCode);
        Assert.Equal(["a", "b"], after.AppliedSince(null).Select(entry => entry.Name).Order());
        Assert.Equal(["b"], undone);
        Assert.Contains("migrated", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_nothing_stays_when_history_and_schema_are_as_before()
    {
        var migrator = Of(await UrlAsync(), "false", "echo no such table >&2; exit 3");

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => migrator.DeployAsync(Token));

        Assert.Equal((MigrationState.FailedCleanly, ExitCode.Failed), (error.Failure.State, error.ExitCode));
        Approval.Match($"{error.Message}\nHINT: {error.Hint}");
    }

    [Fact]
    public async Task Asks_a_person_when_a_part_of_it_stays()
    {
        var migrator = Of(await UrlAsync(), "false", "psql -qc 'CREATE TABLE half (id int)'; exit 1");

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => migrator.DeployAsync(Token));

        Assert.Equal((MigrationState.HalfApplied, ExitCode.NeedsPerson), (error.Failure.State, error.ExitCode));
    }

    [Fact]
    public async Task Does_not_believe_a_command_that_says_it_is_done()
    {
        var migrator = Of(await UrlAsync(), "false", "true");

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => migrator.DeployAsync(Token));

        Assert.Contains("something is still pending", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_take_a_command_that_could_not_run_for_an_answer()
    {
        var migrator = Of(await UrlAsync(), "no-such-program-anywhere", "true");

        var error = await Assert.ThrowsAsync<CommandFailedException>(() => migrator.StatusAsync(Token));

        Assert.Contains("127", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        _output.Dispose();
    }

    private CommandMigrator Of(DatabaseUrl url, string status, string deploy, string rollback = "false") =>
        new(
            ReleaserEnvironment.Of(
                _root,
                new() { Strategy = ReleaseStrategy.Command },
                ReleaserEnvironment.Health()
            ) with
            {
                Database = new(url, null, null, null),
                Variables = Variables(url),
                Migrations = new(_root, default, default, default)
                {
                    Format = "command",
                    Commands = new()
                    {
                        Status = Shell(status),
                        Deploy = Shell(deploy),
                        Rollback = Shell(rollback),
                    },
                },
            },
            new ProcessRunner(TimeProvider.System),
            new(TextWriter.Synchronized(_output), false, TimeProvider.System)
        );

    private static string[] Shell(string script) => ["sh", "-c", script];

    private static Dictionary<string, Secret> Variables(DatabaseUrl url) =>
        new(StringComparer.Ordinal)
        {
            ["PGHOST"] = new(url.Host),
            ["PGPORT"] = new($"{url.Port}"),
            ["PGUSER"] = new(url.User),
            ["PGDATABASE"] = new(url.Database),
        };

    private static async Task RunAsync(DatabaseUrl url, string sql)
    {
        await using var connection = new NpgsqlConnection(
            $"Host={url.Host};Port={url.Port};Username={url.User};Database={url.Database};Pooling=false"
        );
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<DatabaseUrl> UrlAsync()
    {
        var builder = new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync(Token));
        return DatabaseUrl.Parse(
            "DATABASE_URL",
            $"postgresql://{builder.Username}@{builder.Host}:{builder.Port}/{builder.Database}?sslmode=disable"
        );
    }
}

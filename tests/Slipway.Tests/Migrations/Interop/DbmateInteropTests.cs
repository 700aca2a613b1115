using System.Text.RegularExpressions;
using Npgsql;
using Slipway.Migrations;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Tests.Migrations.Formats;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Interop;

/// <summary>The real dbmate and we, in turns and at once, on the same database.</summary>
[Trait("Needs", "Server")]
public sealed class DbmateInteropTests(PostgresCluster cluster) : IDisposable
{
    private static readonly ProcessRunner Processes = new(TimeProvider.System);
    private readonly FormatProject _project = new("dbmate");
    private readonly StringWriter _output = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Take_turns_and_leave_what_dbmate_alone_leaves(bool dbmateBegins)
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        First();
        await (dbmateBegins ? DbmateAsync(ours, "up") : DeployAsync(ours));
        Second();
        Assert.Contains("Pending: 2", await DbmateAsync(ours, "status"), StringComparison.Ordinal);
        Assert.Equal("2 applied, 2 pending", await SummaryAsync(ours));
        await (dbmateBegins ? DeployAsync(ours) : DbmateAsync(ours, "up"));
        await DbmateAsync(pure, "up");

        Assert.Contains("Pending: 0", await DbmateAsync(ours, "status"), StringComparison.Ordinal);
        Assert.Equal("4 applied", await SummaryAsync(ours));
        Assert.Equal(await RowsAsync(pure), await RowsAsync(ours));
        Assert.Equal(await SchemaAsync(pure), await SchemaAsync(ours));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Undo_what_the_other_applied(bool dbmateUndoes)
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        First();
        await (dbmateUndoes ? DeployAsync(ours) : DbmateAsync(ours, "up"));
        await DbmateAsync(pure, "up");

        await (dbmateUndoes ? DbmateAsync(ours, "rollback") : RollBackAsync(ours));
        await DbmateAsync(pure, "rollback");

        Assert.Contains("Pending: 1", await DbmateAsync(ours, "status"), StringComparison.Ordinal);
        Assert.Equal("1 applied, 1 pending", await SummaryAsync(ours));
        Assert.Equal(await RowsAsync(pure), await RowsAsync(ours));
        Assert.Equal(await SchemaAsync(pure), await SchemaAsync(ours));
    }

    [Fact]
    public async Task Know_an_edited_file_no_better_than_dbmate_and_a_missing_one_better()
    {
        var url = await UrlAsync();
        First();
        await DbmateAsync(url, "up");
        _project.Remove(2, "rows");

        Assert.Contains("Pending: 0", await DbmateAsync(url, "status"), StringComparison.Ordinal);
        var status = await Migrator.StatusAsync(url, _project.Settings, Token);
        Assert.Equal(ExitCode.MigrationsMissing, status.ExitCode);
    }

    [Fact]
    public async Task Apply_everything_once_when_both_start_at_the_same_time()
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        for (var number = 1; number <= 20; number++)
        {
            _project.Add(number, "t", $"CREATE TABLE t{number} (id int);\nINSERT INTO t{number} VALUES ({number});");
        }

        // dbmate has no lock, so one of the two may lose; what it loses it takes back, and its next run has nothing to do.
        var dbmate = TryDbmateAsync(ours, "up");
        var slipway = Record.ExceptionAsync(() => DeployAsync(ours)).AsTask();
        await Task.WhenAll(dbmate, slipway);
        if (await slipway is { } lost)
        {
            Assert.IsAssignableFrom<SlipwayException>(lost);
        }

        await DeployAsync(ours);
        await DbmateAsync(pure, "up");
        Assert.Equal("20 applied", await SummaryAsync(ours));
        Assert.Equal(await RowsAsync(pure), await RowsAsync(ours));
        Assert.Equal(await SchemaAsync(pure), await SchemaAsync(ours));
        Assert.Contains("Pending: 0", await DbmateAsync(ours, "status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agree_on_what_is_no_migration()
    {
        var url = await UrlAsync();
        await File.WriteAllTextAsync(
            Path.Combine(_project.Folder, "01_bom.sql"),
            "\uFEFF-- migrate:up\nSELECT 1;\n-- migrate:down\n",
            Token
        );
        _project.Add(2, "good", "SELECT 1;");

        var result = await TryDbmateAsync(url, "up");

        Assert.NotEqual(0, result.ExitCode);
        var status = await Migrator.StatusAsync(url, _project.Settings, Token);
        Assert.Equal(
            [MigrationCondition.Unfit, MigrationCondition.Pending],
            status.Entries.Select(entry => entry.Condition)
        );
    }

    public void Dispose()
    {
        _project.Dispose();
        _output.Dispose();
    }

    private void First()
    {
        _project.Add(1, "users", "CREATE TABLE users (id int PRIMARY KEY, name text);", "DROP TABLE users;");
        _project.Add(
            2,
            "rows",
            "INSERT INTO users VALUES (1, 'a;b');\nALTER TABLE users ADD born date;",
            "ALTER TABLE users DROP born;\nDELETE FROM users;"
        );
    }

    private void Second()
    {
        _project.Add(
            3,
            "index",
            "CREATE INDEX CONCURRENTLY users_name ON users (name);",
            "DROP INDEX CONCURRENTLY users_name;",
            transaction: false
        );
        _project.Add(
            4,
            "function",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;",
            "DROP FUNCTION f();"
        );
    }

    private async Task<string> DbmateAsync(DatabaseUrl url, string verb)
    {
        var result = await TryDbmateAsync(url, verb);
        Assert.True(result.ExitCode == 0, $"dbmate {verb} ended with {result.ExitCode}: {result.Output}{result.Error}");
        return result.Output;
    }

    private async Task<CommandResult> TryDbmateAsync(DatabaseUrl url, string verb) =>
        await Processes.RunAsync(
            Command.Of(
                await NpmTool.PathAsync("dbmate@2.36.0", "dbmate"),
                "--no-dump-schema",
                "--migrations-dir",
                _project.Folder,
                verb
            ) with
            {
                Variables = new Dictionary<string, Secret>
                {
                    ["DATABASE_URL"] = new(
                        $"postgres://{url.User}@{url.Host}:{url.Port}/{url.Database}?sslmode=disable"
                    ),
                },
                Timeout = TimeSpan.FromMinutes(2),
            },
            null,
            Token
        );

    private async Task<string> SummaryAsync(DatabaseUrl url) =>
        MigrationStatusTable.Summary(await Migrator.StatusAsync(url, _project.Settings, Token));

    private async Task DeployAsync(DatabaseUrl url)
    {
        var status = await Migrator.StatusAsync(url, _project.Settings, Token);
        await new Migrator(Output()).DeployAsync(url, _project.Settings, status.Planned, Token);
    }

    private async Task RollBackAsync(DatabaseUrl url)
    {
        var status = await Migrator.StatusAsync(url, _project.Settings, Token);
        var chosen = MigrationRollback.Choose(_project.Read(), status, null, 1);
        await new MigrationRollback(Output()).RunAsync(url, _project.Settings, chosen, Token);
    }

    private RunOutput Output() => new(TextWriter.Synchronized(_output), false, TimeProvider.System);

    private static async Task<string> SchemaAsync(DatabaseUrl url)
    {
        var dump = await Tool.RunAsync(
            "pg_dump",
            "-s",
            "-h",
            url.Host,
            "-p",
            $"{url.Port}",
            "-U",
            url.User,
            url.Database
        );
        // A word of its own for every dump, against what may be written in it.
        return Regex.Replace(dump, @"^\\(?:un)?restrict .*$", "", RegexOptions.Multiline, TimeSpan.FromSeconds(10));
    }

    private static async Task<string?> RowsAsync(DatabaseUrl url)
    {
        await using var connection = new NpgsqlConnection(
            $"Host={url.Host};Port={url.Port};Username={url.User};Database={url.Database};Pooling=false"
        );
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(
            "SELECT string_agg(version, ',' ORDER BY version) FROM schema_migrations",
            connection
        );
        return await command.ExecuteScalarAsync(Token) as string;
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

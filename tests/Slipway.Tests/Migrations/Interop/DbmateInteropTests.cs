using Npgsql;
using Slipway.Migrations;
using Slipway.Processes;
using Slipway.Settings;
using Slipway.Tests.Migrations.Formats;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Interop;

/// <summary>The real dbmate.</summary>
[Trait("Needs", "Server")]
public sealed class DbmateInteropTests(PostgresCluster cluster)
    : InteropContract(cluster, "dbmate", "SELECT string_agg(version, ',' ORDER BY version) FROM schema_migrations")
{
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
        Assert.Equal(await SchemaDump.OfAsync(pure), await SchemaDump.OfAsync(ours));
    }

    [Fact]
    public async Task Know_an_edited_file_no_better_than_dbmate_and_a_missing_one_better()
    {
        var url = await UrlAsync();
        First();
        await DbmateAsync(url, "up");
        Project.Remove(2, "rows");

        Assert.Contains("Pending: 0", await DbmateAsync(url, "status"), StringComparison.Ordinal);
        var status = await Migrator.StatusAsync(url, Project.Settings, Token);
        Assert.Equal(ExitCode.MigrationsMissing, status.ExitCode);
    }

    [Fact]
    public async Task Apply_everything_once_when_both_start_at_the_same_time()
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        for (var number = 1; number <= 20; number++)
        {
            Project.Add(number, "t", $"CREATE TABLE t{number} (id int);\nINSERT INTO t{number} VALUES ({number});");
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
        Assert.Equal(await SchemaDump.OfAsync(pure), await SchemaDump.OfAsync(ours));
        Assert.Contains("Pending: 0", await DbmateAsync(ours, "status"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task Leave_the_same_of_a_directory_of_any_size(int size)
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        PublicDirectory.Fill(Project, "dbmate", size);

        await Task.WhenAll(DeployAsync(ours), DbmateAsync(pure, "up"));

        Assert.Contains("Pending: 0", await DbmateAsync(ours, "status"), StringComparison.Ordinal);
        Assert.Equal($"{size} applied", await SummaryAsync(pure));
        Assert.Equal(await RowsAsync(pure), await RowsAsync(ours));
        Assert.Equal(await SchemaDump.OfAsync(pure), await SchemaDump.OfAsync(ours));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Build_an_index_once_when_both_do_at_the_same_time(bool dbmateIsAhead)
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        First();
        await DeployAsync(ours);
        Second();
        await using var writer = new NpgsqlConnection(Connection(ours));
        await writer.OpenAsync(Token);
        await using var command = new NpgsqlCommand("BEGIN; INSERT INTO users VALUES (7, 'never')", writer);
        await command.ExecuteNonQueryAsync(Token);
        var runs = new Func<Task>[]
        {
            () => Record.ExceptionAsync(() => DeployAsync(ours)).AsTask(),
            () => TryDbmateAsync(ours, "up"),
        };

        var first = runs[dbmateIsAhead ? 1 : 0]();
        await UntilAsync(ours, Building(1));
        var second = runs[dbmateIsAhead ? 0 : 1]();
        await UntilAsync(ours, Building(2));
        await writer.CloseAsync();
        await Task.WhenAll(first, second);

        // The server may have ended either for the other's sake; none is left with half an index or a wrong history.
        await DeployAsync(ours);
        await DbmateAsync(ours, "up");
        await DbmateAsync(pure, "up");
        Assert.Equal("4 applied", await SummaryAsync(ours));
        Assert.Equal(await RowsAsync(pure), await RowsAsync(ours));
        Assert.Equal(await SchemaDump.OfAsync(pure), await SchemaDump.OfAsync(ours));
        const string Valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_name'::regclass";
        Assert.True(await TestDatabase.ScalarAsync<bool>(ours, Valid, Token));
    }

    [Fact]
    public async Task Agree_on_what_is_no_migration()
    {
        var url = await UrlAsync();
        await File.WriteAllTextAsync(
            Path.Combine(Project.Folder, "01_bom.sql"),
            "\uFEFF-- migrate:up\nSELECT 1;\n-- migrate:down\n",
            Token
        );
        Project.Add(2, "good", "SELECT 1;");

        var result = await TryDbmateAsync(url, "up");

        Assert.NotEqual(0, result.ExitCode);
        var status = await Migrator.StatusAsync(url, Project.Settings, Token);
        Assert.Equal(
            [MigrationCondition.Unfit, MigrationCondition.Pending],
            status.Entries.Select(entry => entry.Condition)
        );
    }

    private protected override Task UpAsync(DatabaseUrl url) => DbmateAsync(url, "up");

    private protected override async Task<bool> IsUpToDateAsync(DatabaseUrl url) =>
        (await DbmateAsync(url, "status")).Contains("Pending: 0", StringComparison.Ordinal);

    // So many build an index, and wait.
    private static string Building(int count) =>
        $"SELECT count(*) = {count} FROM pg_stat_activity WHERE query LIKE '%CREATE INDEX%' AND wait_event_type = 'Lock' AND datname = current_database()";

    private async Task<string> DbmateAsync(DatabaseUrl url, string verb)
    {
        var result = await TryDbmateAsync(url, verb);
        Assert.True(result.ExitCode == 0, $"dbmate {verb} ended with {result.ExitCode}: {result.Output}{result.Error}");
        return result.Output;
    }

    private Task<CommandResult> TryDbmateAsync(DatabaseUrl url, string verb) =>
        new DbmateTool(Project.Folder).TryAsync(url, verb, Token);
}

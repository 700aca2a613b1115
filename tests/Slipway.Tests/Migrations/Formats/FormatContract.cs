using Npgsql;
using Slipway.Migrations;
using Slipway.Migrations.Rehearsal;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Formats;

/// <summary>What holds for the migrations of every tool.</summary>
public abstract class FormatContract(PostgresCluster cluster, string format, string table) : IDisposable
{
    private readonly StringWriter _output = new();

    private protected FormatProject Project { get; } = new(format);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Is_seen_from_the_folder()
    {
        Project.Add(1, "a", "SELECT 1;");

        Assert.Equal(format, Project.Read().Format.Name);
    }

    [Fact]
    public async Task Applies_what_is_pending_in_order_and_writes_the_tools_history()
    {
        var url = await UrlAsync();
        Project.Add(10, "c", "ALTER TABLE a ADD y int;");
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        Project.Add(2, "b", "ALTER TABLE a ADD x int;\nINSERT INTO a (id) VALUES (1);");

        Assert.Equal(ExitCode.MigrationsPending, (await StatusAsync(url)).ExitCode);
        var outcome = await DeployAsync(url);

        Assert.Equal([Name(1, "a"), Name(2, "b"), Name(10, "c")], outcome.Applied.Select(applied => applied.Name));
        var status = await StatusAsync(url);
        Assert.Equal(("3 applied", ExitCode.Done), (MigrationStatusTable.Summary(status), status.ExitCode));
        Assert.Equal((Name(10, "c"), Name(10, "c")), (status.Newest, status.LastApplied));
        Assert.Equal($"a,{table}", await TablesAsync(url));
        Assert.Equal(MigrationState.NothingPending, (await DeployAsync(url)).State);
        Assert.Equal([Name(2, "b"), Name(10, "c")], status.AppliedSince(Name(1, "a")).Select(entry => entry.Name));
    }

    [Fact]
    public async Task Writes_how_long_it_took_where_the_tool_does()
    {
        var column = format switch
        {
            "flyway" => "execution_time",
            "plain" => "milliseconds",
            _ => null,
        };
        if (column is null)
        {
            return;
        }

        var url = await UrlAsync();
        Project.Add(1, "a", "SELECT pg_sleep(0.05);");
        await DeployAsync(url);

        Assert.Equal(true, await ScalarAsync(url, $"SELECT {column} BETWEEN 50 AND 60000 FROM {table}"));
    }

    [Fact]
    public async Task Leaves_neither_change_nor_row_of_one_that_fails()
    {
        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        Project.Add(2, "b", "CREATE TABLE b (id int);\nSELECT nope;");

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => DeployAsync(url));

        Assert.Equal((Name(2, "b"), MigrationState.FailedCleanly), (error.Migration, error.Failure.State));
        Assert.Contains("> ", error.Failure.Context, StringComparison.Ordinal);
        Assert.Contains("SELECT nope", error.Failure.Context, StringComparison.Ordinal);
        var status = await StatusAsync(url);
        Assert.Equal("1 applied, 1 pending", MigrationStatusTable.Summary(status));
        Assert.Equal($"a,{table}", await TablesAsync(url));
    }

    [Fact]
    public async Task Sees_an_edited_file_where_the_tool_keeps_checksums_and_says_so_where_it_does_not()
    {
        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        await DeployAsync(url);
        Project.Add(1, "a", "CREATE TABLE a (id bigint);");

        var status = await StatusAsync(url);

        Assert.Equal(Project.SeesChanges ? ExitCode.MigrationsChanged : ExitCode.Done, status.ExitCode);
        Assert.Equal(
            !Project.SeesChanges,
            status.Notes.Any(note => note.Contains("keeps no checksums", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Names_what_is_applied_and_has_no_file()
    {
        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        Project.Add(2, "b", "CREATE TABLE b (id int);");
        await DeployAsync(url);
        Project.Remove(2, "b");

        var status = await StatusAsync(url);

        Assert.Equal(ExitCode.MigrationsMissing, status.ExitCode);
        Assert.Equal(MigrationCondition.Missing, status.Entries[^1].Condition);
    }

    [Fact]
    public async Task Does_with_a_late_one_what_the_tool_does()
    {
        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        Project.Add(3, "c", "CREATE TABLE c (id int);");
        await DeployAsync(url);
        Project.Add(2, "b", "CREATE TABLE b (id int);");

        var status = await StatusAsync(url);

        if (format is "golang-migrate")
        {
            // It keeps one number, up to which everything counts as applied.
            Assert.Equal("3 applied", MigrationStatusTable.Summary(status));
            return;
        }

        Assert.Equal(
            (ExitCode.MigrationsOutOfOrder, "2 applied, 1 out of order"),
            (status.ExitCode, MigrationStatusTable.Summary(status))
        );
        Assert.Equal(format is "flyway" ? 1 : 0, status.Blocking.Count);
        var settings = Project.Settings with { AppliesOutOfOrder = true };
        await new Migrator(Output()).DeployAsync(url, settings, status.Planned, Token);
        Assert.Equal(Name(2, "b"), (await StatusAsync(url)).LastApplied);
    }

    [Fact]
    public async Task Refuses_a_schema_without_history_until_it_has_a_baseline()
    {
        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        Project.Add(2, "b", "CREATE TABLE b (id int);");
        Project.Add(3, "c", "CREATE TABLE c (id int);");
        await ScalarAsync(url, "CREATE TABLE a (id int); CREATE TABLE b (id int)");

        Assert.Equal(ExitCode.MigrationsUnknown, (await StatusAsync(url)).ExitCode);
        var error = await Assert.ThrowsAsync<SlipwayException>(() => DeployAsync(url));
        Assert.Contains("has tables (a, b) but no migration history", error.Message, StringComparison.Ordinal);
        Assert.Equal("a,b", await TablesAsync(url));

        await new HistoryRepair(Output()).BaselineAsync(url, Project.Settings, Name(2, "b"), Token);

        Assert.Equal("2 applied, 1 pending", MigrationStatusTable.Summary(await StatusAsync(url)));
        Assert.Equal([Name(3, "c")], (await DeployAsync(url)).Applied.Select(applied => applied.Name));
        var again = await Assert.ThrowsAsync<SlipwayException>(() =>
            new HistoryRepair(Output()).BaselineAsync(url, Project.Settings, Name(2, "b"), Token)
        );
        Assert.Equal(ExitCode.Refused, again.ExitCode);
    }

    [Fact]
    public async Task Undoes_the_newest_with_its_row_and_applies_it_again()
    {
        if (!Project.HasDowns)
        {
            return;
        }

        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);", "DROP TABLE a;");
        Project.Add(2, "b", "CREATE TABLE b (id int);", "DROP TABLE b;");
        Project.Add(3, "c", "CREATE TABLE c (id int);", "DROP TABLE c;");
        await DeployAsync(url);

        var undone = await RollBackAsync(url, Name(1, "a"), 0);

        Assert.Equal([Name(3, "c"), Name(2, "b")], undone);
        Assert.Equal($"a,{table}", await TablesAsync(url));
        var status = await StatusAsync(url);
        Assert.Equal([Name(2, "b"), Name(3, "c")], status.Pending);
        Assert.Equal(Name(1, "a"), status.Newest);
        await DeployAsync(url);
        Assert.Equal($"a,b,c,{table}", await TablesAsync(url));
        Assert.Equal("3 applied", MigrationStatusTable.Summary(await StatusAsync(url)));
        Assert.Equal([Name(3, "c"), Name(2, "b"), Name(1, "a")], await RollBackAsync(url, null, 3));
        Assert.Equal(table, await TablesAsync(url));
    }

    [Fact]
    public async Task Is_tried_up_and_down_and_up_with_its_history()
    {
        if (!Project.HasDowns)
        {
            return;
        }

        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        await DeployAsync(url);
        Project.Add(2, "b", "ALTER TABLE a ADD x int;\nINSERT INTO a VALUES (1, 2);", "ALTER TABLE a DROP COLUMN x;");
        var set = Project.Read();
        await using var target = MigrationTarget.ForCopy(url, Project.Settings, set);
        var tracer = new MigrationTracer(target, Output());

        foreach (var direction in new[] { MigrationDirection.Up, MigrationDirection.Down, MigrationDirection.Up })
        {
            var trace = await tracer.RunAsync(new(set.Named(Name(2, "b")), direction), Token);
            Assert.Equal(["public.a"], trace.Tables);
            var pending = (await StatusAsync(url)).Pending;
            Assert.Equal(direction is MigrationDirection.Up ? [] : [Name(2, "b")], pending);
        }

        await tracer.RemoveAsync(Token);
    }

    [Fact]
    public async Task Keeps_everything_when_a_down_script_fails()
    {
        if (!Project.HasDowns)
        {
            return;
        }

        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);", "DROP TABLE a;\nDROP TABLE nope;");
        await DeployAsync(url);

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => RollBackAsync(url, null, 1));

        Assert.Equal(
            (MigrationDirection.Down, MigrationState.FailedCleanly),
            (error.Failure.Direction, error.Failure.State)
        );
        Assert.Contains("Undoing migration", error.Message, StringComparison.Ordinal);
        Assert.Equal($"a,{table}", await TablesAsync(url));
        Assert.Equal("1 applied", MigrationStatusTable.Summary(await StatusAsync(url)));
    }

    [Fact]
    public async Task Goes_on_where_a_run_was_killed_between_two_statements()
    {
        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        await DeployAsync(url);
        Project.Add(
            2,
            "b",
            "CREATE INDEX CONCURRENTLY i ON a (id);\nALTER TABLE a ADD x int;\nCREATE INDEX CONCURRENTLY j ON a (x);",
            transaction: false
        );

        for (var statement = 1; statement <= 3; statement++)
        {
            await KillAsync(url, statement);
            Assert.Equal((statement, ExitCode.MigrationsInterrupted), (statement, (await StatusAsync(url)).ExitCode));
            await EndSessionAsync(url, statement);
            Assert.NotEmpty((await StatusAsync(url)).Pending);
        }

        Assert.Equal([Name(2, "b")], (await DeployAsync(url)).Applied.Select(applied => applied.Name));
        Assert.Equal("2 applied", MigrationStatusTable.Summary(await StatusAsync(url)));
        Assert.Equal($"a,{table}", await TablesAsync(url));
        Assert.Equal(
            2L,
            await ScalarAsync(url, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid")
        );
    }

    [Fact]
    public async Task Takes_a_persons_word_for_one_that_was_interrupted()
    {
        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        await DeployAsync(url);
        var name = Project.Add(
            2,
            "b",
            "CREATE INDEX CONCURRENTLY i ON a (id);\nALTER TABLE a ADD x int;",
            transaction: false
        );
        await KillAsync(url, 2);
        var repair = new HistoryRepair(Output());

        await repair.ResolveAsync(url, Project.Settings, name, isApplied: false, Token);
        Assert.Equal([name], (await StatusAsync(url)).Pending);
        Assert.Equal($"a,{table}", await TablesAsync(url));
        await repair.ResolveAsync(url, Project.Settings, name, isApplied: true, Token);
        Assert.Equal("2 applied", MigrationStatusTable.Summary(await StatusAsync(url)));
        await Assert.ThrowsAsync<SlipwayException>(() =>
            repair.ResolveAsync(url, Project.Settings, name, isApplied: false, Token)
        );
    }

    [Fact]
    public async Task Waits_for_who_holds_the_tools_lock()
    {
        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);");
        var key = Project.Read().Format.LockKey(url, Project.Settings);
        await using var holder = new NpgsqlConnection(Connection(url));
        await holder.OpenAsync(Token);
        await using (var command = new NpgsqlCommand($"SELECT pg_advisory_lock({key})", holder))
        {
            await command.ExecuteNonQueryAsync(Token);
        }

        var error = await Assert.ThrowsAsync<SlipwayException>(async () =>
            await new Migrator(Output()).DeployAsync(
                url,
                Project.Settings with
                {
                    QueueTimeout = TimeSpan.FromMilliseconds(300),
                },
                (await StatusAsync(url)).Planned,
                Token
            )
        );

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("another tool (pid ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_of_every_statement_one_at_a_time()
    {
        var url = await UrlAsync();
        Project.Add(1, "a", "CREATE TABLE a (id int);\nALTER TABLE a ADD x int;");
        var told = new List<string>();
        var hook = new StatementHook(
            (run, _) => Told($"before {run.Number}/{run.Count} {run.Statement.Words[0]}"),
            (run, _) => Told($"after {run.Number}")
        );

        await new Migrator(Output()) { Hook = hook }.DeployAsync(
            url,
            Project.Settings,
            (await StatusAsync(url)).Planned,
            Token
        );

        Assert.Equal(["before 1/2 CREATE", "after 1", "before 2/2 ALTER", "after 2"], told);

        Task Told(string what)
        {
            told.Add(what);
            return Task.CompletedTask;
        }
    }

    public void Dispose()
    {
        Project.Dispose();
        _output.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected string Name(int number, string name) => Project.NameOf(number, name);

    private protected Task<MigrationStatus> StatusAsync(DatabaseUrl url) =>
        Migrator.StatusAsync(url, Project.Settings, Token);

    private protected async Task<MigrationOutcome> DeployAsync(DatabaseUrl url) =>
        await new Migrator(Output()).DeployAsync(url, Project.Settings, (await StatusAsync(url)).Planned, Token);

    private protected static async Task<object?> ScalarAsync(DatabaseUrl url, string sql)
    {
        await using var connection = new NpgsqlConnection(Connection(url));
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token) is var value and not DBNull ? value : null;
    }

    private protected async Task<DatabaseUrl> UrlAsync()
    {
        var builder = new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync(Token));
        return DatabaseUrl.Parse(
            "DATABASE_URL",
            $"postgresql://{builder.Username}@{builder.Host}:{builder.Port}/{builder.Database}?sslmode=disable"
        );
    }

    private async Task<IReadOnlyList<string>> RollBackAsync(DatabaseUrl url, string? to, int steps)
    {
        var chosen = MigrationRollback.Choose(Project.Read(), await StatusAsync(url), to, steps);
        var undone = await new MigrationRollback(Output()).RunAsync(url, Project.Settings, chosen, Token);
        return [.. undone.Select(migration => migration.Name)];
    }

    // Ends the session in which a statement is about to run.
    private async Task EndSessionAsync(DatabaseUrl url, int statement) =>
        await Assert.ThrowsAsync<MigrationFailedException>(() =>
            DeployAsync(
                url,
                statement,
                run => ScalarAsync(url, $"SELECT pg_terminate_backend({run.Connection.ProcessID}, 60000)")
            )
        );

    // What nobody catches leaves the database as the end of the process does: the session is gone, and nothing more is written.
    private async Task KillAsync(DatabaseUrl url, int statement) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            DeployAsync(url, statement, _ => throw new InvalidOperationException("killed"))
        );

    private async Task DeployAsync(DatabaseUrl url, int statement, Func<StatementRun, Task> before)
    {
        var hook = new StatementHook(
            (run, _) => run.Number == statement ? before(run) : Task.CompletedTask,
            (_, _) => Task.CompletedTask
        );
        await new Migrator(Output()) { Hook = hook }.DeployAsync(
            url,
            Project.Settings,
            (await StatusAsync(url)).Planned,
            Token
        );
    }

    private RunOutput Output() => new(TextWriter.Synchronized(_output), false, TimeProvider.System);

    private static async Task<string> TablesAsync(DatabaseUrl url) =>
        await ScalarAsync(
            url,
            "SELECT string_agg(tablename, ',' ORDER BY tablename NOT IN ('a', 'b', 'c'), tablename) FROM pg_tables WHERE schemaname = 'public'"
        ) as string
        ?? "";

    private static string Connection(DatabaseUrl url) =>
        $"Host={url.Host};Port={url.Port};Username={url.User};Database={url.Database};Pooling=false;Application Name=another tool";
}

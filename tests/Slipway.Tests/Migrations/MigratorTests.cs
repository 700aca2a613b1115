using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Slipway.Migrations;
using Slipway.Migrations.Plain;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations;

[Trait("Needs", "Server")]
public sealed class MigratorTests(PostgresCluster cluster) : IDisposable
{
    private readonly MigrationFolder _folder = new();
    private readonly StringWriter _output = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MigrationSettings Settings =>
        new(_folder.Path, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(60));

    [Fact]
    public async Task Applies_what_is_pending_and_then_has_nothing_to_do()
    {
        var url = await UrlAsync();
        _folder.Add("1_users", "CREATE TABLE users (id int);");
        _folder.Add("2_empty", "-- This is an empty migration.");

        var first = await DeployAsync(url, "1_users", "2_empty");
        _folder.Add("3_rows", "BEGIN;\nINSERT INTO users VALUES (1), (2);\nCOMMIT;");
        var second = await DeployAsync(url, "3_rows");
        var third = await DeployAsync(url);

        Assert.Equal(["1_users", "2_empty"], first.Applied.Select(applied => applied.Name));
        Assert.Equal(
            (MigrationState.AllApplied, MigrationState.AllApplied, MigrationState.NothingPending),
            (first.State, second.State, third.State)
        );
        Assert.Equal(2L, await ScalarAsync(url, "SELECT count(*) FROM users"));
        Assert.Equal("3 applied", MigrationStatusTable.Summary(await Migrator.StatusAsync(url, Settings, Token)));
        Assert.Equal(
            "id:36 checksum:64 finished_at migration_name:255 logs rolled_back_at started_at applied_steps_count",
            await ScalarAsync(
                url,
                "SELECT string_agg(column_name || coalesce(':' || character_maximum_length, ''), ' ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = '_prisma_migrations'"
            )
        );
        Assert.Equal(
            3L,
            await ScalarAsync(
                url,
                "SELECT count(*) FROM _prisma_migrations WHERE applied_steps_count = 1 AND finished_at >= started_at AND length(id) = 36"
            )
        );
        Assert.Contains("applied 3_rows in ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_its_history_in_the_schema_of_the_address()
    {
        var url = await UrlAsync() with { Schema = "Shop Floor" };
        _folder.Add("1_a", "CREATE TABLE a (id int);");

        await DeployAsync(url, "1_a");

        Assert.Equal(
            "_prisma_migrations,a",
            await ScalarAsync(
                url,
                "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'Shop Floor'"
            )
        );
    }

    [Fact]
    public async Task Undoes_the_second_of_three_and_says_where_it_stumbled()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        _folder.Add(
            "2_b",
            "CREATE TABLE b (id int);\n\n-- next\nALTER TABLE b\n  ADD x int,\n  DROP COLUMN nope, -- not there\n  ADD y int;\nSELECT 1;\n"
        );
        _folder.Add("3_c", "CREATE TABLE c (id int);");

        var error = await FailAsync(url, "1_a", "2_b", "3_c");

        Assert.Equal(("2_b", "42703", 4, false), (error.Migration, error.SqlState, error.Line, error.HalfApplied));
        Assert.Equal(["1_a"], error.AppliedBefore.Select(applied => applied.Name));
        Assert.Equal(ExitCode.Failed, error.ExitCode);
        Assert.Equal("_prisma_migrations,a", await TablesAsync(url));
        Assert.Equal(
            "1 applied, 2 pending",
            MigrationStatusTable.Summary(await Migrator.StatusAsync(url, Settings, Token))
        );
        Approval.Match($"{error.Message}\nHINT: {error.Hint}");
    }

    [Theory]
    [InlineData("CREATE TABLE b (id int);\nSELECT\n  1,\n  oops(2);", 4)]
    [InlineData("SELECT 1;\nDO $$\nBEGIN\n  RAISE EXCEPTION 'no';\nEND $$;", 2)]
    public async Task Points_at_the_line(string sql, int line)
    {
        _folder.Add("1_a", sql);

        Assert.Equal(line, (await FailAsync(await UrlAsync(), "1_a")).Line);
    }

    [Fact]
    public async Task Lets_nothing_leak_from_one_migration_to_the_next()
    {
        var url = await UrlAsync();
        _folder.Add(
            "1_a",
            "CREATE ROLE somebody_else; GRANT ALL ON SCHEMA public TO somebody_else; SET ROLE somebody_else; SELECT set_config('search_path', '', false); CREATE TABLE public.a (id int);"
        );
        _folder.Add("2_b", "CREATE TABLE b (id int);");

        await DeployAsync(url, "1_a", "2_b");

        Assert.Equal(
            "a:somebody_else,b:postgres",
            await ScalarAsync(
                url,
                "SELECT string_agg(tablename || ':' || tableowner, ',' ORDER BY tablename) FROM pg_tables WHERE tablename IN ('a', 'b')"
            )
        );
    }

    [Fact]
    public async Task Gives_the_next_one_the_same_session_as_good_as_new()
    {
        var url = await UrlAsync();
        _folder.Add(
            "1_a",
            """
            CREATE TABLE sessions AS SELECT pg_backend_pid() AS pid;
            CREATE TEMPORARY TABLE leak (id int);
            PREPARE leak AS SELECT 1;
            LISTEN leak;
            SELECT pg_advisory_lock(42);
            SET work_mem = '77MB'; SET lock_timeout = 0; SET statement_timeout = 0; RESET ALL;
            SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE;
            """
        );
        _folder.Add(
            "2_b",
            """
            INSERT INTO sessions SELECT pg_backend_pid();
            CREATE TABLE seen AS SELECT concat_ws(' ',
                (SELECT count(DISTINCT pid) FROM sessions),
                (SELECT count(*) FROM pg_class WHERE relname = 'leak'),
                (SELECT count(*) FROM pg_prepared_statements WHERE name = 'leak'),
                (SELECT count(*) FROM pg_listening_channels()),
                (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND pid = pg_backend_pid()),
                current_setting('work_mem') = '77MB', current_setting('lock_timeout'), current_setting('statement_timeout'),
                current_setting('transaction_isolation')) AS text;
            """
        );

        await DeployAsync(url, "1_a", "2_b");

        Assert.Equal("1 0 0 0 0 f 5s 1min read committed", await ScalarAsync(url, "SELECT text FROM seen"));
    }

    [Fact]
    public async Task Goes_no_further_once_the_session_with_the_lock_is_gone()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        _folder.Add(
            "2_b",
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369;"
        );
        _folder.Add("3_c", "CREATE TABLE c (id int);");

        var error = await FailAsync(url, "1_a", "2_b", "3_c");

        Assert.Equal(("3_c", MigrationState.FailedCleanly), (error.Migration, error.Failure.State));
        Assert.Matches(@"The migration lock was lost: .* process \d+", error.Message);
        Assert.Equal(["1_a", "2_b"], error.AppliedBefore.Select(applied => applied.Name));
        Assert.Equal("_prisma_migrations,a", await TablesAsync(url));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public async Task Points_at_the_one_of_many_statements(int line)
    {
        var lines = Enumerable.Range(1, 130).Select(number => number == line ? "SELECT nope;" : "SELECT 1;");
        _folder.Add("1_a", string.Join('\n', lines));

        var error = await FailAsync(await UrlAsync(), "1_a");

        Assert.Equal(("42703", line), (error.SqlState, error.Line));
    }

    [Fact]
    public async Task Leaves_nothing_behind_when_its_session_is_killed_in_the_middle()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int); SELECT pg_sleep(600);");
        var deploy = FailAsync(url, "1_a");
        await UntilAsync(
            url,
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database())"
        );

        await ScalarAsync(
            url,
            "SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid() AND datname = current_database()"
        );
        var error = await deploy;

        Assert.Equal((MigrationState.FailedCleanly, "57P01"), (error.Failure.State, error.SqlState));
        Assert.Equal("_prisma_migrations", await TablesAsync(url));
        Assert.Equal(["1_a"], (await Migrator.StatusAsync(url, Settings, Token)).Pending);
    }

    [Fact]
    public async Task Cancels_on_the_server_and_leaves_nothing_behind()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE before (id int);");
        _folder.Add("2_b", "CREATE TABLE a (id int); SELECT pg_sleep(600);");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var deploy = new Migrator(Output()).DeployAsync(url, Settings, Planned("1_a", "2_b"), stop.Token);
        await UntilAsync(
            url,
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database())"
        );

        await stop.CancelAsync();

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => deploy);
        Assert.Equal(("2_b", MigrationState.FailedCleanly), (error.Migration, error.Failure.State));
        Assert.Equal(["1_a"], error.AppliedBefore.Select(applied => applied.Name));
        await UntilAsync(
            url,
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'slipway migrate' AND datname = current_database())"
        );
        Assert.Equal("_prisma_migrations,before", await TablesAsync(url));
    }

    [Fact]
    public async Task Says_that_half_of_it_stays_when_cancelled_between_two_steps()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int); CREATE TABLE b (id int);");
        await DeployAsync(url, "1_a");
        _folder.Add("2_b", "CREATE INDEX CONCURRENTLY i ON b (id); ALTER TABLE a ADD x int;");
        await using var holder = await OpenAsync(url, "report");
        await RunAsync(holder, "BEGIN; LOCK TABLE a IN ACCESS SHARE MODE");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var output = new RunOutput(
            new SignalWriter(_output, "a lock on a table was not free", out var waiting),
            false,
            TimeProvider.System
        );
        var settings = Settings with { LockTimeout = TimeSpan.FromMilliseconds(50) };
        var deploy = new Migrator(output).DeployAsync(url, settings, Planned("2_b"), stop.Token);
        await waiting.WaitAsync(Token);

        await stop.CancelAsync();

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => deploy);
        Assert.Equal(MigrationState.HalfApplied, error.Failure.State);
        var entry = (await Migrator.StatusAsync(url, Settings, Token)).Entries[^1];
        Assert.Equal(MigrationCondition.Interrupted, entry.Condition);
        Assert.Contains("1 of 2 statements are done; then: it was cancelled", entry.Detail, StringComparison.Ordinal);
        await RunAsync(holder, "COMMIT");
        Assert.Equal(MigrationState.AllApplied, (await DeployAsync(url, "2_b")).State);
        Assert.Equal(
            1L,
            await ScalarAsync(url, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'a'::regclass AND attname = 'x'")
        );
        Assert.Equal("_prisma_migrations,a,b", await TablesAsync(url));
    }

    [Fact]
    public async Task Refuses_a_file_that_was_edited_after_the_plan()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        var planned = Planned("1_a");
        _folder.Add("1_a", "DROP TABLE IF EXISTS a;");

        var error = await Assert.ThrowsAsync<SlipwayException>(() =>
            new Migrator(Output()).DeployAsync(url, Settings, planned, Token)
        );

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("1_a/migration.sql was edited after the plan", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lets_one_of_two_at_once_work_and_refuses_the_other_whose_plan_is_old_by_then()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "SELECT pg_sleep(0.5); CREATE TABLE a (id int);");
        var deploys = new[] { DeployAsync(url, "1_a"), DeployAsync(url, "1_a") };

        var first = await await Task.WhenAny(deploys);
        var error = await Assert.ThrowsAsync<SlipwayException>(() => Task.WhenAll(deploys));

        Assert.Equal((MigrationState.AllApplied, ExitCode.Refused), (first.State, error.ExitCode));
        Assert.Contains("pending were [1_a], now they are []", error.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await ScalarAsync(url, "SELECT count(*) FROM _prisma_migrations"));
    }

    [Fact]
    public async Task Gives_up_when_another_tool_keeps_the_lock_and_names_it()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "SELECT 1");
        await using var holder = await OpenAsync(url, "prisma");
        await RunAsync(holder, "SELECT pg_advisory_lock(72707369)");

        var error = await Assert.ThrowsAsync<SlipwayException>(() =>
            new Migrator(Output()).DeployAsync(
                url,
                Settings with
                {
                    QueueTimeout = TimeSpan.FromMilliseconds(300),
                },
                Planned("1_a"),
                Token
            )
        );

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("prisma (pid ", error.Message, StringComparison.Ordinal);
        Assert.Contains("waiting for another migration run: prisma", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tries_again_while_a_table_is_locked()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        await DeployAsync(url, "1_a");
        _folder.Add("2_b", "CREATE TABLE b (id int); ALTER TABLE a ADD x int;");
        await using var holder = await OpenAsync(url, "report");
        await RunAsync(holder, "BEGIN; LOCK TABLE a IN ACCESS SHARE MODE");
        var output = new RunOutput(
            new SignalWriter(_output, "a lock on a table was not free", out var retried),
            false,
            TimeProvider.System
        );

        var deploy = new Migrator(output).DeployAsync(
            url,
            Settings with
            {
                LockTimeout = TimeSpan.FromMilliseconds(50),
            },
            Planned("2_b"),
            Token
        );
        await retried.WaitAsync(Token);
        await RunAsync(holder, "COMMIT");

        Assert.Equal(MigrationState.AllApplied, (await deploy).State);
        Assert.Contains(
            "2_b: a lock on a table was not free; try 2 of 10",
            _output.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Gives_up_on_a_table_that_stays_locked()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        await DeployAsync(url, "1_a");
        _folder.Add("2_b", "ALTER TABLE a ADD x int;");
        await using var holder = await OpenAsync(url, "report");
        await RunAsync(holder, "BEGIN; LOCK TABLE a IN ACCESS SHARE MODE");

        var time = new FakeTimeProvider();
        var deploy = new Migrator(new RunOutput(TextWriter.Synchronized(_output), false, time)).DeployAsync(
            url,
            Settings with
            {
                LockTimeout = TimeSpan.FromMilliseconds(20),
            },
            Planned("2_b"),
            Token
        );
        while (!deploy.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(deploy, Task.Delay(5, Token));
        }

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => deploy);
        Assert.Equal(("55P03", false), (error.SqlState, error.HalfApplied));
        Assert.Contains("try 10 of 10", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_the_history_when_the_connection_is_lost_at_commit()
    {
        var url = await UrlAsync();
        _folder.Add(
            "1_a",
            """
            CREATE TABLE a (id int);
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER die AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die();
            INSERT INTO a VALUES (1);
            """
        );

        var error = await FailAsync(url, "1_a");

        Assert.Equal(MigrationState.FailedCleanly, error.Failure.State);
        Assert.Contains("1_a: the connection was lost at COMMIT", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("_prisma_migrations", await TablesAsync(url));
    }

    [Fact]
    public async Task Knows_that_it_was_committed_when_only_the_answer_was_lost()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        await using var proxy = new FaultyProxy(url.Port, Fault.AnswerLost, "COMMIT\0");

        var outcome = await DeployAsync(url with { Port = proxy.Port }, "1_a");

        Assert.Equal(MigrationState.AllApplied, outcome.State);
        Assert.Contains("1_a: it was committed", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("_prisma_migrations,a", await TablesAsync(url));
    }

    [Fact]
    public async Task Says_that_a_constraint_failed_at_commit()
    {
        var url = await UrlAsync();
        _folder.Add(
            "1_a",
            "CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO a VALUES (1), (1);"
        );

        var error = await FailAsync(url, "1_a");

        Assert.Equal(("23505", MigrationState.FailedCleanly), (error.SqlState, error.Failure.State));
    }

    [Fact]
    public async Task Refuses_when_the_plan_has_changed()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        _folder.Add("2_b", "CREATE TABLE b (id int);");

        var error = await Assert.ThrowsAsync<SlipwayException>(() => DeployAsync(url, "1_a"));

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("pending were [1_a], now they are [1_a, 2_b]", error.Message, StringComparison.Ordinal);
        Assert.Null(await TablesAsync(url));
    }

    [Fact]
    public async Task Refuses_a_database_whose_history_nobody_knows()
    {
        var url = await UrlAsync();
        await ScalarAsync(url, "CREATE TABLE old (id int)");
        _folder.Add("1_a", "CREATE TABLE a (id int);");

        var error = await Assert.ThrowsAsync<SlipwayException>(() => DeployAsync(url, "1_a"));

        Assert.Contains("has tables (old) but no migration history", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", await TablesAsync(url));
    }

    [Fact]
    public async Task Refuses_PgBouncer_and_a_database_that_does_not_answer()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "SELECT 1");

        Assert.Contains(
            "PgBouncer",
            (
                await Assert.ThrowsAsync<SlipwayException>(() => DeployAsync(url with { PgBouncer = true }, "1_a"))
            ).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be reached",
            (await Assert.ThrowsAsync<SlipwayException>(() => DeployAsync(url with { Port = 1 }, "1_a"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Builds_an_index_concurrently_while_somebody_reads_and_writes()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        _folder.Add("2_i", "CREATE INDEX CONCURRENTLY i ON a (id);\nCREATE INDEX CONCURRENTLY j ON a (id);");

        var outcome = await DeployAsync(url, "1_a", "2_i");

        Assert.Equal(MigrationState.AllApplied, outcome.State);
        Assert.Equal(
            2L,
            await ScalarAsync(url, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid")
        );
    }

    [Fact]
    public async Task Drops_the_invalid_index_and_can_be_deployed_again()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1);");
        _folder.Add("2_i", "CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);");

        var error = await FailAsync(url, "1_a", "2_i");

        Assert.Equal(("23505", MigrationState.FailedCleanly), (error.SqlState, error.Failure.State));
        Assert.Equal(0L, await ScalarAsync(url, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass"));
        Assert.Equal(
            "1 applied, 1 rolled back",
            MigrationStatusTable.Summary(await Migrator.StatusAsync(url, Settings, Token))
        );
        await ScalarAsync(url, "DELETE FROM a");
        Assert.Equal(MigrationState.AllApplied, (await DeployAsync(url, "2_i")).State);
    }

    [Fact]
    public async Task Says_so_when_half_of_a_migration_stays()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1);");
        _folder.Add(
            "2_i",
            "ALTER TABLE a ADD x int;\nCREATE UNIQUE INDEX CONCURRENTLY i ON a (id);\nALTER TABLE a ADD y int;"
        );

        var error = await FailAsync(url, "1_a", "2_i");

        Assert.Equal(
            (MigrationState.HalfApplied, true, 2, ExitCode.NeedsPerson),
            (error.Failure.State, error.HalfApplied, error.Line, error.ExitCode)
        );
        Approval.Match($"{error.Message}\nHINT: {error.Hint}");
        Assert.Contains(
            "1 of 3 statements are done; then: could not create unique index",
            (await Migrator.StatusAsync(url, Settings, Token)).Entries[^1].Detail,
            StringComparison.Ordinal
        );
        var again = await FailAsync(url, "2_i");
        Assert.Equal((MigrationState.HalfApplied, 2), (again.Failure.State, again.Line));
        Assert.Contains("stay; nothing else was changed by this deploy", again.Message, StringComparison.Ordinal);
        await ScalarAsync(url, "DELETE FROM a WHERE ctid = '(0,1)'");
        Assert.Equal(MigrationState.AllApplied, (await DeployAsync(url, "2_i")).State);
        Assert.Equal("_prisma_migrations,a", await TablesAsync(url));
        Assert.Equal("2 applied", MigrationStatusTable.Summary(await Migrator.StatusAsync(url, Settings, Token)));
    }

    [Fact]
    public async Task Cancels_an_index_build_and_drops_what_it_left()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        await DeployAsync(url, "1_a");
        _folder.Add("2_i", "CREATE INDEX CONCURRENTLY i ON a (id);");
        await using var writer = await OpenAsync(url, "writer");
        await RunAsync(writer, "BEGIN; INSERT INTO a VALUES (1)");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var deploy = new Migrator(Output()).DeployAsync(url, Settings, Planned("2_i"), stop.Token);
        // The build waits for the writer, with an index in the catalogue that is not valid yet.
        await UntilAsync(url, "SELECT EXISTS (SELECT FROM pg_index WHERE indrelid = 'a'::regclass AND NOT indisvalid)");

        await stop.CancelAsync();
        await UntilAsync(url, "SELECT NOT EXISTS (SELECT FROM pg_stat_progress_create_index)");
        await RunAsync(writer, "COMMIT");

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => deploy);
        Assert.Equal(MigrationState.FailedCleanly, error.Failure.State);
        Assert.Equal(0L, await ScalarAsync(url, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass"));
        Assert.Equal(["2_i"], (await Migrator.StatusAsync(url, Settings, Token)).Pending);
    }

    [Fact]
    public async Task Tells_how_far_a_long_statement_is_and_whom_it_waits_for()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TABLE a (id int);");
        await DeployAsync(url, "1_a");
        _folder.Add("2_i", "CREATE INDEX CONCURRENTLY i ON a (id);");
        await using var writer = await OpenAsync(url, "writer");
        await RunAsync(writer, "BEGIN; INSERT INTO a VALUES (1)");
        var output = new RunOutput(new SignalWriter(_output, "waits for", out var told), false, TimeProvider.System);

        var deploy = new Migrator(output).DeployAsync(url, Settings, Planned("2_i"), Token);
        await told.WaitAsync(Token);
        await RunAsync(writer, "COMMIT");

        Assert.Equal(MigrationState.AllApplied, (await deploy).State);
        Assert.Contains(
            "2_i: CREATE INDEX CONCURRENTLY on a: waiting for writers before build; waits for writer (pid ",
            _output.ToString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("deployer")]
    public async Task Is_not_held_up_by_who_waits_for_its_lock(string user)
    {
        var url = await UrlAsync();
        await ScalarAsync(
            url,
            "DO $$ BEGIN CREATE ROLE deployer LOGIN; EXCEPTION WHEN duplicate_object THEN END $$; GRANT ALL ON SCHEMA public TO deployer"
        );
        _folder.Add("1_a", "CREATE TABLE a (id int); GRANT ALL ON a TO PUBLIC;");
        await DeployAsync(url with { User = user }, "1_a");
        _folder.Add("2_i", "CREATE INDEX CONCURRENTLY i ON a (id);");
        await using var writer = await OpenAsync(url, "writer");
        await RunAsync(writer, "BEGIN; INSERT INTO a VALUES (1)");
        var output = new RunOutput(
            new SignalWriter(_output, "waits for the migration lock", out var told),
            false,
            TimeProvider.System
        );
        var deploy = new Migrator(output).DeployAsync(url with { User = user }, Settings, Planned("2_i"), Token);
        await UntilAsync(url, "SELECT EXISTS (SELECT FROM pg_index WHERE indrelid = 'a'::regclass AND NOT indisvalid)");
        await using var prisma = await OpenAsync(url, "prisma");
        var waiting = RunAsync(prisma, "SELECT pg_advisory_lock(72707369)");
        await UntilAsync(url, "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)");

        await RunAsync(writer, "COMMIT");
        await told.WaitAsync(Token);
        if (user is "deployer")
        {
            // It may not do this to a superuser.
            await ScalarAsync(url, $"SELECT pg_cancel_backend({prisma.ProcessID})");
            Assert.Contains(
                $"SELECT pg_cancel_backend({prisma.ProcessID})",
                _output.ToString(),
                StringComparison.Ordinal
            );
        }

        Assert.Equal(MigrationState.AllApplied, (await deploy).State);
        var error = await Assert.ThrowsAsync<PostgresException>(() => waiting);
        Assert.Equal(PostgresErrorCodes.QueryCanceled, error.SqlState);
        Assert.Contains($"prisma (pid {prisma.ProcessID}) waits", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Makes_a_new_migration_that_can_be_deployed_once_it_is_written()
    {
        var time = new FakeTimeProvider(new(2026, 1, 31, 10, 15, 0, TimeSpan.Zero));
        var paths = NewMigration.Create(Settings, "Add notes!", time);

        Assert.Equal(
            ["20260131101500_add_notes.sql", "20260131101500_add_notes.down.sql"],
            paths.Select(Path.GetFileName)
        );
        Assert.Equal((byte)'-', (await File.ReadAllBytesAsync(paths[0], Token))[0]);
        await File.AppendAllTextAsync(paths[0], "CREATE TABLE a (id int);", Token);
        Assert.Equal(
            MigrationState.AllApplied,
            (await DeployAsync(await UrlAsync(), "20260131101500_add_notes")).State
        );
        Assert.Throws<SlipwayException>(() => NewMigration.Create(Settings, "?", time));
    }

    [Fact]
    public async Task Uses_a_new_enum_value_in_the_file_that_adds_it()
    {
        var url = await UrlAsync();
        _folder.Add("1_a", "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE a (m mood);");
        _folder.Add("2_b", "ALTER TYPE mood ADD VALUE 'fine'; INSERT INTO a VALUES ('fine');");

        Assert.Equal(MigrationState.AllApplied, (await DeployAsync(url, "1_a", "2_b")).State);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
    }

    private async Task<DatabaseUrl> UrlAsync()
    {
        var builder = new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync(Token));
        return DatabaseUrl.Parse(
            "DATABASE_URL",
            $"postgresql://{builder.Username}@{builder.Host}:{builder.Port}/{builder.Database}?sslmode=disable"
        );
    }

    private RunOutput Output() => new(TextWriter.Synchronized(_output), false, TimeProvider.System);

    private Task<MigrationOutcome> DeployAsync(DatabaseUrl url, params string[] pending) =>
        new Migrator(Output()).DeployAsync(url, Settings, Planned(pending), Token);

    // As a plan of the files that are there now would have them; of one that is not there, under its name alone.
    private List<PlannedMigration> Planned(params string[] names)
    {
        var files = MigrationSet.Read(Settings).Migrations.ToLookup(migration => migration.Name);
        return
        [
            .. names.Select(name => new PlannedMigration(name, files[name].FirstOrDefault()?.Checksum ?? "", "expand")),
        ];
    }

    private Task<MigrationFailedException> FailAsync(DatabaseUrl url, params string[] pending) =>
        Assert.ThrowsAsync<MigrationFailedException>(() => DeployAsync(url, pending));

    private static Task<object?> TablesAsync(DatabaseUrl url) =>
        ScalarAsync(
            url,
            "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'"
        );

    private static async Task UntilAsync(DatabaseUrl url, string condition)
    {
        while (await ScalarAsync(url, condition) is not true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }

    private static async Task<object?> ScalarAsync(DatabaseUrl url, string sql)
    {
        await using var connection = await OpenAsync(url, "test");
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token) is var value and not DBNull ? value : null;
    }

    private static async Task<NpgsqlConnection> OpenAsync(DatabaseUrl url, string name)
    {
        var connection = new NpgsqlConnection(
            $"Host={url.Host};Port={url.Port};Username={url.User};Database={url.Database};Pooling=false;Application Name={name}"
        );
        await connection.OpenAsync(Token);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}

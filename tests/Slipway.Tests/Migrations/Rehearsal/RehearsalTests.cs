using System.Text.RegularExpressions;
using Slipway.Migrations;
using Slipway.Migrations.Rehearsal;
using Slipway.Settings;
using Slipway.Tests.Backups.Restoring;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Rehearsal;

[Trait("Needs", "Server")]
public sealed partial class RehearsalTests(PostgresCluster cluster) : IDisposable
{
    private const string Tables = """
        CREATE TABLE users (id int PRIMARY KEY, name varchar(50), email text);
        INSERT INTO users SELECT n, 'user ' || n, n || '@example.com' FROM generate_series(1, 100000) AS n;
        CREATE TABLE orders (id int PRIMARY KEY, user_id int, total numeric(10, 2), note text);
        INSERT INTO orders SELECT n, 1 + n % 100000, n + 0.25, 'note ' || n FROM generate_series(1, 120000) AS n;
        CREATE TABLE small (id int PRIMARY KEY, value text NOT NULL DEFAULT 'x');
        INSERT INTO small SELECT n, 'v' || n FROM generate_series(1, 300) AS n;
        """;

    private readonly RehearsalSite _site = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid()",
        "line 1 rewrites (every row gets a default of its own) public.orders (120,000 rows); nobody can read or write it for",
        "SET DEFAULT afterwards",
        SchemaVerdict.Expand
    )]
    [InlineData(
        "ALTER TABLE orders ALTER COLUMN user_id TYPE bigint",
        "line 1 rewrites (its type changes) public.orders (120,000 rows); nobody can read or write it for",
        "add a new column",
        SchemaVerdict.Contract
    )]
    [InlineData(
        "ALTER TABLE users ALTER COLUMN email SET NOT NULL",
        "line 1 reads all of public.users (100,000 rows); nobody can read or write it for",
        "NOT VALID, VALIDATE CONSTRAINT",
        SchemaVerdict.Contract
    )]
    [InlineData(
        "CREATE INDEX by_user ON orders (user_id)",
        "line 1 builds an index on public.orders (120,000 rows); nobody can write to it for",
        "CREATE INDEX CONCURRENTLY",
        SchemaVerdict.Expand
    )]
    [InlineData(
        "ALTER TABLE orders ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id)",
        "line 1 reads all of public.orders (120,000 rows); nobody can write to it for",
        "add the foreign key NOT VALID",
        SchemaVerdict.Contract
    )]
    [InlineData(
        "DO $$ BEGIN EXECUTE 'ALTER TABLE orders ALTER COLUMN note TYPE int USING length(note)'; END $$",
        "line 1 rewrites (its type changes) public.orders (120,000 rows); nobody can read or write it for",
        "add a new column",
        SchemaVerdict.Contract
    )]
    [InlineData(
        "UPDATE orders SET note = 'changed'",
        "line 1 changes 120,000 rows of public.orders in one transaction,",
        "in batches",
        SchemaVerdict.Data
    )]
    public async Task Finds_what_keeps_others_waiting_with_numbers(
        string sql,
        string what,
        string remedy,
        SchemaVerdict verdict
    )
    {
        var url = await DatabaseAsync();

        var report = await _site.With("1_change", sql).RunAsync(url);

        var migration = Assert.Single(report.Migrations);
        var finding = migration.Findings[0];
        Assert.StartsWith(what, $"line {finding.Line} {finding.What}", StringComparison.Ordinal);
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
        Assert.Equal(verdict, migration.Verdict);
    }

    [Theory]
    [InlineData("ALTER TABLE users ALTER COLUMN name TYPE varchar(200)")]
    [InlineData("ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new'")]
    [InlineData("CREATE TABLE more (id int PRIMARY KEY, user_id int REFERENCES users (id))")]
    [InlineData("CREATE INDEX CONCURRENTLY by_user ON orders (user_id)")]
    [InlineData("ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID")]
    public async Task Is_silent_about_what_costs_nobody_anything(string sql)
    {
        var url = await DatabaseAsync();

        var report = await _site.With("1_change", sql).RunAsync(url);

        Assert.Empty(report.Migrations[0].Findings);
    }

    [Theory]
    [InlineData("ALTER TABLE small DROP COLUMN value", SchemaVerdict.Contract, "column public.small.value is gone")]
    [InlineData(
        "ALTER TABLE small RENAME COLUMN value TO text",
        SchemaVerdict.Contract,
        "column public.small.value is gone"
    )]
    [InlineData("DROP TABLE small", SchemaVerdict.Contract, "table public.small is gone")]
    [InlineData(
        "ALTER TABLE small ADD COLUMN must int NOT NULL DEFAULT 1; ALTER TABLE small ALTER must DROP DEFAULT",
        SchemaVerdict.Contract,
        "must be given"
    )]
    [InlineData("ALTER TABLE small ALTER value DROP DEFAULT", SchemaVerdict.Contract, "has no default any more")]
    [InlineData("CREATE UNIQUE INDEX one ON small (value)", SchemaVerdict.Contract, "may refuse what it writes")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", SchemaVerdict.Expand, null)]
    [InlineData(
        "CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER t BEFORE INSERT ON small FOR EACH ROW EXECUTE FUNCTION t()",
        SchemaVerdict.Unknown,
        "trigger public.small.t is new"
    )]
    [InlineData(
        "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE VIEW v AS SELECT * FROM small",
        SchemaVerdict.Expand,
        null
    )]
    [InlineData("INSERT INTO small VALUES (1000, 'new')", SchemaVerdict.Data, "1 rows of public.small changed")]
    [InlineData("ALTER TABLE small ALTER value DROP NOT NULL", SchemaVerdict.Expand, null)]
    [InlineData(
        "-- slipway: contract\nCREATE TABLE more ()",
        SchemaVerdict.Contract,
        "its author says: contract; the rehearsal saw: expand"
    )]
    [InlineData(
        "-- slipway: expand\nDROP TABLE small",
        SchemaVerdict.Contract,
        "its author says: expand; the rehearsal saw: contract"
    )]
    [InlineData(
        "-- slipway: expand because nobody reads it\nDROP TABLE small",
        SchemaVerdict.Expand,
        "its author says: expand because nobody reads it; the rehearsal saw: contract"
    )]
    public async Task Sees_what_a_migration_means_for_the_live_release(
        string sql,
        SchemaVerdict verdict,
        string? reason
    )
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(
            url,
            Tables.Replace("100000", "10", StringComparison.Ordinal).Replace("120000", "10", StringComparison.Ordinal),
            Token
        );

        var report = await _site.With("1_change", sql).RunAsync(url);

        var migration = report.Migrations[0];
        Assert.Equal(verdict, migration.Verdict);
        if (reason is null)
        {
            Assert.Empty(migration.Reasons);
        }
        else
        {
            Assert.Contains(migration.Reasons, said => said.Contains(reason, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Knows_of_every_down_whether_it_brings_back_what_was()
    {
        var url = await DatabaseAsync();
        AddDowns();

        var report = await _site.RunAsync(url);

        Assert.Equal(
            [
                UndoOutcome.Lossless,
                UndoOutcome.Lossy,
                UndoOutcome.Fails,
                UndoOutcome.None,
                UndoOutcome.Fails,
                UndoOutcome.Fails,
                UndoOutcome.Lossy,
            ],
            report.Migrations.Select(migration => migration.Undo.Outcome)
        );
        Assert.Contains(
            "120,000 rows of public.orders have other values",
            report.Migrations[1].Undo.Differences[0],
            StringComparison.Ordinal
        );
        Assert.Contains("TABEL", report.Migrations[2].Undo.Differences[0], StringComparison.Ordinal);
        Assert.Contains("applied again", report.Migrations[4].Undo.Differences[0], StringComparison.Ordinal);
        Assert.Contains("7 rows of public.small", report.Migrations[6].Undo.Differences[0], StringComparison.Ordinal);
        Assert.Empty(await RestoreSite.BesideAsync(url));
    }

    [Fact]
    public async Task A_migration_that_fails_on_this_data_is_named_and_nothing_is_left()
    {
        var url = await DatabaseAsync();
        _site
            .With("1_good", "CREATE TABLE fine ()")
            .With("2_bad", "SELECT 1;\nALTER TABLE orders ADD CONSTRAINT c CHECK (id < 7)");

        var error = await Assert.ThrowsAsync<RehearsalFailedException>(() => _site.RunAsync(url));

        Assert.Equal("2_bad", error.Migration);
        Assert.Contains(
            "2_bad/migration.sql, line 2: check constraint \"c\" of relation \"orders\" is violated",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(await RestoreSite.BesideAsync(url));
    }

    [Fact]
    public async Task The_live_database_is_not_touched()
    {
        var url = await DatabaseAsync();
        var before = await RestoreSite.DumpAsync(url);
        var writes = await WritesAsync(url);
        _site.With(
            "1_all",
            "UPDATE orders SET note = ''; DROP TABLE small; ALTER TABLE users ADD x int",
            "CREATE TABLE small ()"
        );

        await _site.RunAsync(
            url,
            async (copy, _) =>
            {
                Assert.NotEqual(url.Database, copy.Database);
                Assert.Equal(["x"], await ColumnsAsync(copy));
                Assert.Empty(
                    await RestoreSite.AskAsync(
                        copy,
                        "SELECT nspname FROM pg_namespace WHERE nspname = '_slipway_trace'"
                    )
                );
            }
        );

        Assert.Equal(before, await RestoreSite.DumpAsync(url));
        Assert.Equal(writes, await WritesAsync(url));
        Assert.Empty(await RestoreSite.BesideAsync(url));

        static Task<IReadOnlyList<string>> WritesAsync(DatabaseUrl url) =>
            RestoreSite.AskAsync(url, "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::text FROM pg_stat_user_tables");
    }

    [Fact]
    public async Task A_copy_that_is_the_live_database_by_another_name_is_refused()
    {
        var url = await DatabaseAsync();
        await using var copies = await RehearsalCopies.OpenAsync(url, Token);

        var error = await Assert.ThrowsAsync<SlipwayException>(() => copies.ProveForeignAsync(url, Token));

        Assert.Contains("is the live database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_rehearsal_left_is_gone_after_the_next()
    {
        var url = await DatabaseAsync();
        var manifest = await _site.Restores.BackupAsync(url);
        _site.With("1_change", "CREATE TABLE more ()", "DROP TABLE more");
        var server = url with { Database = "postgres" };
        foreach (var name in new[] { $"{url.Database}_rehearsal_12345678", $"{url.Database}_rehearsal_12345678_b" })
        {
            await TestDatabase.ExecuteAsync(server, $"CREATE DATABASE {name}", Token);
            await TestDatabase.ExecuteAsync(
                server,
                $"COMMENT ON DATABASE {name} IS 'slipway: unfinished, may be dropped; rehearsal'",
                Token
            );
        }

        await _site.RunAsync(manifest, url);

        Assert.Empty(await RestoreSite.BesideAsync(url));
    }

    [Fact]
    public async Task Without_superuser_it_sees_rewrites_but_not_why()
    {
        var url = await DatabaseAsync();
        var role = $"owner_{Guid.NewGuid():N}"[..20];
        await TestDatabase.ExecuteAsync(
            url,
            $"""
            CREATE ROLE {role} LOGIN CREATEDB; ALTER DATABASE {url.Database} OWNER TO {role};
            GRANT ALL ON SCHEMA public TO {role}; ALTER TABLE users OWNER TO {role}; ALTER TABLE orders OWNER TO {role}; ALTER TABLE small OWNER TO {role}
            """,
            Token
        );
        _site.With("1_change", "ALTER TABLE orders ALTER COLUMN user_id TYPE bigint");

        var report = await _site.RunAsync(url with { User = role, Password = null });

        Assert.StartsWith(
            "rewrites public.orders (120,000 rows)",
            report.Migrations[0].Findings[0].What,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_migration_that_becomes_somebody_else_is_seen_as_well()
    {
        var url = await DatabaseAsync();
        var role = $"other_{Guid.NewGuid():N}"[..20];
        await TestDatabase.ExecuteAsync(url, $"CREATE ROLE {role}; ALTER TABLE small OWNER TO {role}", Token);
        _site.With("1_change", $"SET ROLE {role}; SET search_path = ''; UPDATE public.small SET value = 'y'");

        var report = await _site.RunAsync(url);

        Assert.Equal(["300 rows of public.small changed"], report.Migrations[0].Reasons);
    }

    [Fact]
    public async Task Rows_that_are_changed_step_by_step_are_counted_step_by_step()
    {
        var url = await DatabaseAsync();
        _site.With(
            "1_steps",
            """
            UPDATE small SET value = 'a' WHERE id <= 7;
            CREATE INDEX CONCURRENTLY of_value ON small (value);
            UPDATE small SET value = 'b' WHERE id <= 3;
            """
        );

        var report = await _site.RunAsync(url);

        Assert.False(report.Migrations[0].Trace.IsTransactional);
        Assert.Equal(
            [7, 0, 3],
            report.Migrations[0].Trace.Statements.Select(statement => statement.Touched.Sum(touch => touch.Changed))
        );
        Assert.Equal(
            (SchemaVerdict.Data, "10 rows of public.small changed"),
            (report.Migrations[0].Verdict, report.Migrations[0].Reasons[0])
        );
    }

    [Fact]
    public async Task The_migration_tools_own_rows_are_nobodys_data_wherever_they_are()
    {
        using var site = new RehearsalSite { Table = "Odd Shop.His\"tory" };
        var url = await DatabaseAsync();
        site.With("1_change", "UPDATE \"Odd Shop\".\"His\"\"tory\" SET logs = 'x'");

        var report = await site.RunAsync(url);

        Assert.Equal(SchemaVerdict.Expand, report.Migrations[0].Verdict);
        Assert.Empty(report.Migrations[0].Reasons);
    }

    [Fact]
    public async Task What_was_applied_after_the_backup_comes_before_what_is_tried()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        var manifest = await _site.Restores.BackupAsync(url);
        _site.With("1_table", "CREATE TABLE more (id int)");
        await _site.DeployAsync(url);
        _site.With("2_column", "ALTER TABLE more ADD x int");

        var report = await _site.RunAsync(manifest, url);

        Assert.Equal(["2_column"], report.Migrations.Select(migration => migration.Name));
        Assert.Contains(
            "applying 1_table, which came after the backup",
            _site.Restores.Printed,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Neither_a_backup_that_is_ahead_nor_a_file_that_came_after_the_plan_is_tried()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        _site.With("1_table", "CREATE TABLE more (id int)");
        var planned = await Migrator.StatusAsync(url, _site.Migrations, Token);
        var before = await _site.Restores.BackupAsync(url);
        await _site.DeployAsync(url);
        var after = await _site.Restores.BackupAsync(url);

        var ahead = await Assert.ThrowsAsync<SlipwayException>(() => _site.RunAsync(after, url, planned));
        _site.With("2_late", "SELECT 1");
        var late = await Assert.ThrowsAsync<SlipwayException>(() => _site.RunAsync(before, url, planned));

        Assert.Contains("has 1_table applied already", ahead.Message, StringComparison.Ordinal);
        Assert.Contains(
            "2_late is pending now, and was not when the plan was made",
            late.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(await RestoreSite.BesideAsync(url));
    }

    [Fact]
    public async Task Reads_well()
    {
        var url = await DatabaseAsync();
        _site
            .With("20260101_nick", "ALTER TABLE users ADD COLUMN nick text", "ALTER TABLE users DROP COLUMN nick")
            .With(
                "20260102_totals",
                "ALTER TABLE orders ALTER COLUMN total TYPE int",
                "ALTER TABLE orders ALTER COLUMN total TYPE numeric(10, 2)"
            )
            .With("20260103_email", "ALTER TABLE users ALTER COLUMN email SET NOT NULL");

        var report = await _site.RunAsync(url);

        Approval.Match(Times().Replace(RehearsalText.Of(report), "T"));
    }

    public void Dispose() => _site.Dispose();

    [GeneratedRegex("[0-9.]+ (ms|s)\\b", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Times();

    private static Task<IReadOnlyList<string>> ColumnsAsync(DatabaseUrl url) =>
        RestoreSite.AskAsync(
            url,
            "SELECT attname::text FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'x'"
        );

    private void AddDowns() =>
        _site
            .With("1_lossless", "ALTER TABLE users ADD COLUMN nick text", "ALTER TABLE users DROP COLUMN nick")
            .With(
                "2_lossy",
                "ALTER TABLE orders ALTER COLUMN total TYPE int",
                "ALTER TABLE orders ALTER COLUMN total TYPE numeric(10, 2)"
            )
            .With("3_typo", "CREATE TABLE extra (id int)", "DROP TABEL extra")
            .With("4_none", "CREATE TABLE other (id int)")
            .With("5_forgets", "CREATE INDEX s ON small (value); ALTER TABLE small ADD COLUMN a int", "DROP INDEX s")
            .With(
                "6_half",
                "CREATE INDEX CONCURRENTLY c ON users (email)",
                "DROP INDEX CONCURRENTLY c; DROP INDEX CONCURRENTLY nothing"
            )
            .With("7_last", "UPDATE small SET value = 'y' WHERE id <= 7", "UPDATE small SET value = 'z' WHERE id <= 7");

    private async Task<DatabaseUrl> DatabaseAsync()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(url, Tables, Token);
        return url;
    }
}

using System.Diagnostics;
using Npgsql;
using Slipway.Backups;
using Slipway.Backups.Restoring;
using Slipway.Postgres;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Restoring;

[Trait("Needs", "Server")]
public sealed class DatabaseRestoreTests(PostgresCluster cluster) : IDisposable
{
    private readonly RestoreSite _site = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rich_schema_comes_back_as_it_was()
    {
        var url = await DatabaseAsync(RichSchema.Sql);
        await TestDatabase.ExecuteAsync(
            url,
            """
            INSERT INTO big SELECT 1, string_agg(sha256(n::text::bytea), '') FROM generate_series(1, 1600000) AS n
            """,
            Token
        );
        var manifest = await _site.BackupAsync(url);
        var copy = Copy(url);

        var restored = await _site.Restorer.RestoreAsync(manifest, copy, null, Token);

        Assert.Equal(await RestoreSite.DumpAsync(url), await RestoreSite.DumpAsync(copy));
        Assert.Empty(await RestoredContent.CompareAsync(manifest, restored, Token));
        Assert.Equal(["2"], await RestoreSite.AskAsync(copy, "SELECT count(*)::int FROM pg_largeobject_metadata"));
        Assert.Equal(["51200000"], await RestoreSite.AskAsync(copy, "SELECT length(data) FROM big"));
    }

    [Fact]
    public async Task Names_of_databases_and_roles_may_be_anything()
    {
        var role = $"own\"er ä {Guid.NewGuid():N}";
        var (owner, reader) = (Sql.Name(role), Sql.Name($"rea'der={Guid.NewGuid():N}"));
        var name = $"we\"ird='db\\ 🚢{Guid.NewGuid():N}"[..40];
        var url = await DatabaseAsync(
            $"CREATE ROLE {owner}; CREATE ROLE {reader}; CREATE TABLE t (); ALTER TABLE t OWNER TO {owner}"
        );
        var of = $"DATABASE {url.Database}";
        await TestDatabase.ExecuteAsync(
            url,
            $"""
            ALTER {of} OWNER TO {owner}; ALTER {of} SET search_path = app, public;
            ALTER ROLE {reader} IN {of} SET work_mem = '7MB'; REVOKE CONNECT ON {of} FROM PUBLIC;
            GRANT CONNECT ON {of} TO {reader} WITH GRANT OPTION
            """,
            Token
        );
        var manifest = await _site.BackupAsync(url);
        var copy = url with { Database = name };

        await _site.Restorer.RestoreAsync(manifest, copy, null, Token);

        await using var server = await ServerSession.OpenAsync(url, Token);
        var (before, after) = (
            (await DatabaseState.ReadAsync(server, url.Database, Token))!,
            (await DatabaseState.ReadAsync(server, name, Token))!
        );
        Assert.Equal(role, after.Owner);
        Assert.Equal(before.Grants.Order(), after.Grants.Order());
        Assert.Equal(await SettingsAsync(url.Database), await SettingsAsync(name));
        await new NewDatabase(server, name).DropAsync(Token);

        Task<IReadOnlyList<string>> SettingsAsync(string database) =>
            RestoreSite.AskAsync(
                url,
                $"SELECT setconfig::text FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase WHERE datname = {Sql.Text(database)} ORDER BY 1"
            );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public async Task A_database_of_no_or_very_many_tables_comes_back(int count)
    {
        var url = await DatabaseAsync("SELECT 1");
        for (var made = 0; made < count; made += 1000)
        {
            // In parts: one transaction may not lock as many as that.
            await TestDatabase.ExecuteAsync(
                url,
                $"""
                DO $$ BEGIN FOR n IN {made}..{made
                    + 999} LOOP EXECUTE format('CREATE TABLE t%s AS SELECT %s AS id', n, n);
                END LOOP; END $$
                """,
                Token
            );
        }

        var manifest = await _site.BackupAsync(url);
        var restored = await _site.Restorer.RestoreAsync(manifest, Copy(url), null, Token);

        Assert.Equal(count, manifest.Content.Tables.Count);
        Assert.Empty(await RestoredContent.CompareAsync(manifest, restored, Token));
    }

    [Fact]
    public async Task A_row_of_two_hundred_megabytes_comes_back()
    {
        var url = await DatabaseAsync("CREATE TABLE big AS SELECT decode(repeat('5a', 200000000), 'hex') AS data");
        var manifest = await _site.BackupAsync(url);

        var restored = await _site.Restorer.RestoreAsync(manifest, Copy(url), null, Token);

        Assert.NotNull(manifest.Content.Tables.Single().Hash);
        Assert.Empty(await RestoredContent.CompareAsync(manifest, restored, Token));
    }

    [Fact]
    public async Task A_backup_of_an_older_server_comes_back_on_a_newer_one_and_is_warned_of_the_other_way_round()
    {
        using var folder = new TemporaryFolder();
        var (programs, libraries) = await OlderPostgres.FindAsync(folder.Path);
        await using var older = new PostgresCluster(programs, libraries);
        var old = await TestDatabase.CreateAsync(older, Token);
        await TestDatabase.ExecuteAsync(
            old,
            // That form of a function came with PostgreSQL 14.
            string.Join('\n', RichSchema.Sql.Split('\n').Where(line => !line.Contains("FUNCTION first_of_one"))),
            Token
        );
        var url = await DatabaseAsync("CREATE TABLE t AS SELECT 1 AS id");

        var manifest = await _site.BackupAsync(old);
        var restored = await _site.Restorer.RestoreAsync(manifest, Copy(url), null, Token);

        Assert.Empty(await RestoredContent.CompareAsync(manifest, restored, Token));
        Assert.True((await _site.Verifier.VerifyAsync(manifest, url, Token)).Passed);
        Assert.DoesNotContain("an older server", _site.Printed, StringComparison.Ordinal);
        var newer = await _site.BackupAsync(url);
        await _site.Restorer.RestoreAsync(newer, Copy(old), null, Token);
        Assert.Contains(
            $"the backup is of PostgreSQL {newer.ServerVersion} and is restored on {manifest.ServerVersion}: an older server",
            _site.Printed,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_table_comes_back_alone()
    {
        var url = await DatabaseAsync(RichSchema.Sql);
        var manifest = await _site.BackupAsync(url);
        var (odd, parts) = (Copy(url), url with { Database = $"{url.Database}_parts" });

        await _site.Restorer.RestoreAsync(manifest, odd, "\"a b.c\".\"we\"\"ird table\"", Token);
        await _site.Restorer.RestoreAsync(manifest, parts, "public.events", Token);

        Assert.Equal(
            ["odd index ä", "we\"ird table", "we\"ird table_id_seq", "we\"ird table_pkey"],
            await RelationsAsync(odd)
        );
        Assert.Equal(500, await RestoreSite.CountAsync(odd, "\"a b.c\".\"we\"\"ird table\""));
        Assert.Equal(
            ["501"],
            await RestoreSite.AskAsync(odd, "SELECT nextval('\"a b.c\".\"we\"\"ird table_id_seq\"')")
        );
        Assert.Equal(400, await RestoreSite.CountAsync(parts, "events"));
        Assert.DoesNotContain("one", await RelationsAsync(parts));

        static Task<IReadOnlyList<string>> RelationsAsync(DatabaseUrl database) =>
            RestoreSite.AskAsync(
                database,
                "SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname !~ '^pg_|information' ORDER BY relname COLLATE \"C\""
            );
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_named_and_nothing_is_made()
    {
        var url = await DatabaseAsync("CREATE TABLE notes (id int)");
        var manifest = await _site.BackupAsync(url);

        var error = await FailsAsync(_site.Restorer, manifest, Copy(url), "public.nothing");

        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Contains("\"public\".\"nothing\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_exists_is_never_written_to()
    {
        var url = await DatabaseAsync("CREATE TABLE notes (id int)");
        var manifest = await _site.BackupAsync(url);

        var error = await Assert.ThrowsAsync<RestoreFailedException>(() =>
            _site.Restorer.RestoreAsync(manifest, url, null, Token)
        );

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Equal(0, await RestoreSite.CountAsync(url, "notes"));
    }

    [Fact]
    public async Task Missing_roles_are_named_before_anything_is_made_and_scratch_copies_do_without()
    {
        var role = $"gone_{Guid.NewGuid():N}";
        var url = await DatabaseAsync(
            $"CREATE ROLE {role}; CREATE TABLE t (id int); ALTER TABLE t OWNER TO {role}; CREATE POLICY p ON t TO {role} USING (true)"
        );
        var manifest = await _site.BackupAsync(url);
        await TestDatabase.ExecuteAsync(url, $"DROP TABLE t; DROP ROLE {role}", Token);

        var error = await FailsAsync(_site.Restorer, manifest, Copy(url));

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains($"no role {role}", error.Message, StringComparison.Ordinal);
        using var without = new RestoreSite
        {
            Restore = new() { Processes = 2, DoesWithoutRoles = true },
        };
        var scratch = await new DatabaseRestorer(
            _site.Store,
            _site.Options,
            without.Restore,
            _site.Processes,
            _site.Output
        ).RestoreAsync(manifest, Copy(url), null, Token);
        Assert.Equal([role], scratch.MissingRoles);
        Assert.Empty(await RestoredContent.CompareAsync(manifest, scratch, Token));
    }

    [Fact]
    public async Task A_missing_extension_is_named_before_anything_is_made()
    {
        var url = await DatabaseAsync("CREATE TABLE t (id int)");
        var manifest = await _site.BackupAsync(url);
        manifest = manifest with { Content = manifest.Content with { Extensions = [new("postgis", "3.3.2")] } };

        var error = await FailsAsync(_site.Restorer, manifest, Copy(url));

        Assert.Contains("extension postgis 3.3.2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_does_not_fit_makes_nothing()
    {
        var url = await DatabaseAsync("CREATE TABLE t (id int)");
        var manifest = await _site.BackupAsync(url);
        using var other = new RestoreSite { Options = new() { Key = RestoreSite.KeyOf(77) } };

        var error = await FailsAsync(
            new(_site.Store, other.Options, other.Restore, other.Processes, other.Output),
            manifest,
            Copy(url)
        );

        Assert.Contains("nothing was made", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsFaultOfBackup);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_damaged_dump_leaves_nothing_behind(bool encrypted)
    {
        using var site = new RestoreSite { Options = new() { Key = encrypted ? RestoreSite.KeyOf(9) : null } };
        var url = await DatabaseAsync(
            "CREATE TABLE t AS SELECT n AS id, md5(n::text) AS a FROM generate_series(1, 200000) AS n; CREATE TABLE u AS TABLE t"
        );
        var manifest = await site.BackupAsync(url);
        await site.DamageAsync(manifest);

        var error = await FailsAsync(site.Restorer, manifest, Copy(url));

        Assert.True(error.IsFaultOfBackup, error.ToString());
        // What is not encrypted may reach pg_restore, which can be the first to complain.
        Assert.True(
            !encrypted || error.Message.Contains("is not what was written", StringComparison.Ordinal),
            error.Message
        );
        Assert.Contains("was dropped", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pg_restore_that_is_killed_leaves_nothing_behind()
    {
        var url = await DatabaseAsync(
            "CREATE TABLE t AS SELECT n AS id, md5(n::text) AS a FROM generate_series(1, 400000) AS n"
        );
        var manifest = await _site.BackupAsync(url);
        var copy = Copy(url);

        var restoring = FailsAsync(_site.Restorer, manifest, copy);
        await WhileCopyingAsync(
            copy,
            () =>
            {
                foreach (var process in Process.GetProcessesByName("pg_restore").Where(process => IsFor(process, copy)))
                {
                    process.Kill();
                }

                return Task.CompletedTask;
            }
        );
        var error = await restoring;

        Assert.Contains("signal 9", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsFaultOfBackup);
    }

    [Fact]
    public async Task An_interruption_leaves_nothing_behind()
    {
        var url = await DatabaseAsync(
            "CREATE TABLE t AS SELECT n AS id, md5(n::text) AS a FROM generate_series(1, 400000) AS n"
        );
        var manifest = await _site.BackupAsync(url);
        var copy = Copy(url);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var restoring = _site.Restorer.RestoreAsync(manifest, copy, null, stop.Token);
        await WhileCopyingAsync(copy, () => stop.CancelAsync());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => restoring);
        Assert.Empty(await RestoreSite.BesideAsync(url));
        Assert.DoesNotContain(Process.GetProcessesByName("pg_restore"), process => IsFor(process, copy));
        Assert.Contains("was dropped", _site.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_on_the_server_leaves_nothing_behind()
    {
        await using var disk = new SmallDisk();
        if (!await disk.MountAsync(60))
        {
            Assert.Skip("only root may mount a small disk");
        }

        await using var server = new PostgresCluster();
        var url = await TestDatabase.CreateAsync(server, Token);
        await TestDatabase.ExecuteAsync(url, $"CREATE TABLESPACE small LOCATION '{disk.Path}'", Token);
        // The table takes more than half of it, and its copy goes there too.
        await TestDatabase.ExecuteAsync(
            url,
            "CREATE TABLE t TABLESPACE small AS SELECT n AS id, repeat(md5(n::text), 20) AS a FROM generate_series(1, 55000) AS n",
            Token
        );
        var manifest = await _site.BackupAsync(url);

        var error = await FailsAsync(_site.Restorer, manifest, Copy(url));

        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Contains("make room", error.Hint, StringComparison.Ordinal);
        Assert.False(error.IsFaultOfBackup);
    }

    [Fact]
    public async Task A_server_that_restarts_in_the_middle_has_nothing_left_over()
    {
        await using var own = new PostgresCluster();
        var url = await TestDatabase.CreateAsync(own, Token);
        await TestDatabase.ExecuteAsync(
            url,
            "CREATE TABLE t AS SELECT n AS id, md5(n::text) AS a FROM generate_series(1, 400000) AS n",
            Token
        );
        var manifest = await _site.BackupAsync(url);
        var copy = Copy(url);

        var restoring = FailsAsync(_site.Restorer, manifest, copy);
        await WhileCopyingAsync(copy, own.RestartAsync);
        var error = await restoring;

        Assert.Contains("was dropped", error.Message, StringComparison.Ordinal);
        Assert.Contains("see that the server runs", error.Hint, StringComparison.Ordinal);
        Assert.Equal(400_000, await RestoreSite.CountAsync(url, "t"));
    }

    public void Dispose() => _site.Dispose();

    private static DatabaseUrl Copy(DatabaseUrl url) => url with { Database = $"{url.Database}_copy" };

    private async Task<DatabaseUrl> DatabaseAsync(string sql)
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(url, sql, Token);
        return url;
    }

    private static async Task<RestoreFailedException> FailsAsync(
        DatabaseRestorer restorer,
        BackupManifest manifest,
        DatabaseUrl copy,
        string? onlyTable = null
    )
    {
        var error = await Assert.ThrowsAsync<RestoreFailedException>(() =>
            restorer.RestoreAsync(manifest, copy, onlyTable, Token)
        );
        Assert.DoesNotContain(
            copy.Database,
            await RestoreSite.AskAsync(copy with { Database = "postgres" }, "SELECT datname FROM pg_database")
        );
        return error;
    }

    private static bool IsFor(Process process, DatabaseUrl copy)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline")
                .Contains($"'{copy.Database}'", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Holds the table, so that the copy cannot be over before it is disturbed.
    private static async Task WhileCopyingAsync(DatabaseUrl copy, Func<Task> disturb)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(5, Token))
        {
            try
            {
                var copying = await RestoreSite.AskAsync(
                    copy with
                    {
                        Database = "postgres",
                    },
                    $"SELECT count(*)::int FROM pg_stat_activity WHERE datname = '{copy.Database}' AND query LIKE 'COPY%' AND state = 'active'"
                );
                if (copying is ["1" or "2"])
                {
                    await disturb();
                    return;
                }
            }
            catch (NpgsqlException)
            {
                // Not there yet.
            }
        }

        Assert.Fail("no COPY was seen");
    }
}

using System.Diagnostics;
using Slipway.Backups;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Backups.Restoring;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups;

/// <summary>What goes wrong while a backup is taken: nothing of it counts, it is said what happened, and the next one works.</summary>
[Trait("Needs", "Server")]
public sealed class BackupFaultTests(PostgresCluster cluster) : IDisposable
{
    // More than all buffers between pg_dump and the store hold together.
    private const string Large =
        "CREATE TABLE notes AS SELECT n AS id, repeat(md5(n::text), 30) AS t FROM generate_series(1, 40000) AS n";

    private readonly RestoreSite _site = new();
    private int _runs;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pg_dump_that_is_killed_in_the_middle_leaves_nothing()
    {
        var url = await DatabaseAsync(cluster, Large);
        var store = new HaltedStore(_site.Store);
        var dumping = BackupAsync(url, store);
        await IsInTheMiddleAsync(url);

        Dumper(url).Kill();
        store.GoOn();

        var error = await Assert.ThrowsAnyAsync<SlipwayException>(() => dumping);
        Assert.Contains("was ended by signal 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("dmesg", error.Hint, StringComparison.Ordinal);
        await TheNextOneWorksAsync(url);
    }

    [Fact]
    public async Task A_server_that_crashes_and_restarts_in_the_middle_leaves_nothing()
    {
        await using var own = new PostgresCluster();
        var url = await DatabaseAsync(own, Large);
        var store = new HaltedStore(_site.Store);
        var dumping = BackupAsync(url, store);
        await IsInTheMiddleAsync(url);

        await own.RestartAsync();
        store.GoOn();

        var error = await Assert.ThrowsAnyAsync<SlipwayException>(() => dumping);
        Assert.Contains("pg_dump", error.Message, StringComparison.Ordinal);
        Assert.Contains("see that the server runs", error.Hint, StringComparison.Ordinal);
        await TheNextOneWorksAsync(url);
    }

    [Fact]
    public async Task A_table_that_is_dropped_in_the_middle_waits_for_the_backup_and_is_in_it()
    {
        var url = await DatabaseAsync(cluster, $"CREATE TABLE small AS SELECT 1 AS id; {Large}");
        var store = new HaltedStore(_site.Store);
        var dumping = BackupAsync(url, store);
        await IsInTheMiddleAsync(url);

        var dropping = TestDatabase.ExecuteAsync(url, "DROP TABLE small", Token);
        await UntilAsync(url, "query LIKE 'DROP%' AND wait_event_type = 'Lock'");
        store.GoOn();
        var manifest = await dumping;
        await dropping;

        Assert.Contains(
            new("public.small", 1),
            manifest.Content.Tables.Select(table => table with { Hash = null, Bytes = null })
        );
        Assert.Empty(await RestoreSite.AskAsync(url, "SELECT 1 FROM pg_class WHERE relname = 'small'"));
        var verification = await _site.Verifier.VerifyAsync(manifest, url, Token);
        Assert.True(verification.Passed);
    }

    [Fact]
    public async Task A_table_that_is_dropped_just_before_the_dump_locks_it_is_named()
    {
        var url = await DatabaseAsync(cluster, "CREATE TABLE notes AS SELECT 1 AS id");
        var store = new HaltedStore(_site.Store)
        {
            Listing = () => TestDatabase.ExecuteAsync(url, "DROP TABLE IF EXISTS notes", Token),
        };
        store.GoOn();

        var error = await Assert.ThrowsAnyAsync<SlipwayException>(() => BackupAsync(url, store));

        Assert.Contains("\"public.notes\" does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("run again", error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("lock", error.Hint, StringComparison.Ordinal);
        await TheNextOneWorksAsync(url);
    }

    [Fact]
    public async Task A_lock_that_blocks_the_dump_is_named_with_its_holder()
    {
        var url = await DatabaseAsync(cluster, "CREATE TABLE notes AS SELECT 1 AS id");
        await using var source = PostgresSource.Create(url, "holder");
        await using (var holder = await source.OpenConnectionAsync(Token))
        {
            await using var hold = new Npgsql.NpgsqlCommand("BEGIN; LOCK TABLE notes", holder);
            await hold.ExecuteNonQueryAsync(Token);

            var error = await Assert.ThrowsAnyAsync<SlipwayException>(() =>
                BackupAsync(url, _site.Store, TimeSpan.FromMilliseconds(300))
            );

            Assert.Contains(
                $"public.notes is locked by process {holder.ProcessID} of role postgres (slipway holder), for ",
                error.Message,
                StringComparison.Ordinal
            );
        }

        await TheNextOneWorksAsync(url);
    }

    [Fact]
    public async Task Who_waits_for_a_table_alone_is_named_too()
    {
        var url = await DatabaseAsync(cluster, "CREATE TABLE notes AS SELECT 1 AS id");
        await using var source = PostgresSource.Create(url, "reader");
        await using (var reader = await source.OpenConnectionAsync(Token))
        {
            await using var read = new Npgsql.NpgsqlCommand("BEGIN; SELECT * FROM notes", reader);
            await read.ExecuteNonQueryAsync(Token);
            var altering = TestDatabase.ExecuteAsync(url, "ALTER TABLE notes ADD COLUMN t text", Token);
            await UntilAsync(url, "query LIKE 'ALTER%' AND wait_event_type = 'Lock'");

            var error = await Assert.ThrowsAnyAsync<SlipwayException>(() =>
                BackupAsync(url, _site.Store, TimeSpan.FromMilliseconds(300))
            );

            Assert.Contains("public.notes is wanted alone by process", error.Message, StringComparison.Ordinal);
            await using var end = new Npgsql.NpgsqlCommand("ROLLBACK", reader);
            await end.ExecuteNonQueryAsync(Token);
            await altering;
        }

        await TheNextOneWorksAsync(url);
    }

    [Fact]
    public async Task A_disk_that_gets_full_in_the_middle_keeps_nothing_and_takes_the_next_when_there_is_room()
    {
        await using var disk = new SmallDisk();
        if (!await disk.MountAsync(4))
        {
            Assert.Skip("only root may mount a small disk");
        }

        var url = await DatabaseAsync(
            cluster,
            "CREATE TABLE notes AS SELECT n AS id, md5(n::text) AS t FROM generate_series(1, 400000) AS n"
        );
        var store = new FileStore(disk.Path);

        var error = await Assert.ThrowsAnyAsync<IOException>(() => BackupAsync(url, store));

        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(disk.Path, "*", SearchOption.AllDirectories));
        Assert.True(await disk.ResizeAsync(60));
        await TheNextOneWorksAsync(url, store);
    }

    [Fact]
    public async Task A_folder_that_is_removed_in_the_middle_fails_the_backup_and_takes_the_next()
    {
        var url = await DatabaseAsync(cluster, Large);
        using var folder = new TemporaryFolder();
        var store = new HaltedStore(new FileStore(folder["store"]));
        var dumping = BackupAsync(url, store);
        await IsInTheMiddleAsync(url);

        Directory.Delete(folder["store"], recursive: true);
        store.GoOn();

        await Assert.ThrowsAnyAsync<IOException>(() => dumping);
        await TheNextOneWorksAsync(url, new FileStore(folder["store"]));
    }

    [Fact]
    public async Task Two_at_once_are_both_whole_and_each_its_own()
    {
        var url = await DatabaseAsync(cluster, Large);
        var store = new HaltedStore(_site.Store);
        var first = BackupAsync(url, store);
        await IsInTheMiddleAsync(url);
        await TestDatabase.ExecuteAsync(url, "INSERT INTO notes VALUES (0, 'later')", Token);

        // Its sweep meets what the first one is writing.
        var second = await BackupAsync(url, _site.Store);
        store.GoOn();

        var manifest = await first;
        Assert.NotEqual(manifest.Id, second.Id);
        Assert.Equal((40_000L, 40_001L), (Rows(manifest), Rows(second)));
        Assert.DoesNotContain("left unfinished", _site.Printed, StringComparison.Ordinal);
        foreach (var one in new[] { manifest, second })
        {
            Assert.True((await _site.Verifier.VerifyAsync(one, url, Token)).Passed);
        }

        static long Rows(BackupManifest manifest) => manifest.Content.Tables.Single().Rows;
    }

    public void Dispose() => _site.Dispose();

    private Task<BackupManifest> BackupAsync(DatabaseUrl url, IObjectStore store, TimeSpan? lockTimeout = null) =>
        new BackupWriter(
            store,
            new(store, "test", _site.Output),
            _site.Options with
            {
                LockTimeout = lockTimeout ?? _site.Options.LockTimeout,
            },
            new ProcessRunner(TimeProvider.System),
            _site.Output
        ).BackupAsync(url, $"20260101T000000Z-{Interlocked.Increment(ref _runs):0000}", "test", Token);

    private async Task TheNextOneWorksAsync(DatabaseUrl url, FileStore? store = null)
    {
        store ??= _site.Store;
        Assert.Empty(await store.ListAsync("", Token));
        var catalog = new BackupCatalog(store, "test", _site.Output);
        var manifest = await BackupAsync(url, store);
        await new BackupVerifier(store, catalog, _site.Options, _site.Output).VerifyAsync(manifest, Token);
        Assert.Equal([manifest.Id], (await catalog.ListAsync(Token)).Select(backup => backup.Id));
        Assert.Empty(await store.SweepAsync("", Token));
    }

    private static async Task<DatabaseUrl> DatabaseAsync(PostgresCluster server, string sql)
    {
        var url = await TestDatabase.CreateAsync(server, Token);
        await TestDatabase.ExecuteAsync(url, sql, Token);
        return url;
    }

    // The server waits for pg_dump to take more of the table, and nobody reads from it.
    private static Task IsInTheMiddleAsync(DatabaseUrl url) =>
        UntilAsync(
            url,
            "query LIKE 'COPY public.notes%' AND wait_event = 'ClientWrite' AND NOT EXISTS (SELECT FROM pg_stat_activity o "
                + "WHERE o.datname = current_database() AND o.query LIKE 'SELECT count(*)%' AND o.state = 'active')"
        );

    private static async Task UntilAsync(DatabaseUrl url, string condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (
            await RestoreSite.AskAsync(
                url,
                $"SELECT 1 FROM pg_stat_activity a WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}"
            )
                is []
        )
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static Process Dumper(DatabaseUrl url) =>
        Process
            .GetProcessesByName("pg_dump")
            .Single(process =>
                Variables(process) is var variables
                && variables.Contains($"PGDATABASE={url.Database}")
                && variables.Contains($"PGPORT={url.Port}")
            );

    private static string[] Variables(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/environ").Split('\0');
        }
        catch (IOException)
        {
            // Another test's, which has just ended.
            return [];
        }
    }
}

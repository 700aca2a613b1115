using Slipway.Backups;
using Slipway.Backups.Restoring;
using Slipway.Postgres;
using Slipway.Settings;
using Slipway.Tests.Backups.Restoring;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups;

/// <summary>Backups that several pg_dump write side by side.</summary>
[Trait("Needs", "Server")]
public sealed class ParallelBackupTests(PostgresCluster cluster) : IDisposable
{
    private readonly RestoreSite _site = new()
    {
        Options = new()
        {
            Key = RestoreSite.KeyOf(9),
            LockTimeout = TimeSpan.FromSeconds(5),
            Jobs = 3,
            BytesPerJob = 1,
        },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rich_schema_comes_back_as_it_was()
    {
        var (url, manifest) = await BackupAsync();
        var copy = url with { Database = $"{url.Database}_copy" };

        var restored = await _site.Restorer.RestoreAsync(manifest, copy, null, Token);

        Assert.Equal(
            ["database.dump.zst.age", "rows-1.dump.zst.age", "rows-2.dump.zst.age"],
            manifest.Dumps.Select(dump => dump.Name)
        );
        Assert.Equal(await RestoreSite.DumpAsync(url), await RestoreSite.DumpAsync(copy));
        Assert.Empty(await RestoredContent.CompareAsync(manifest, restored, Token));
    }

    [Fact]
    public async Task All_of_it_shows_one_moment()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(
            url,
            """
            CREATE TABLE a AS SELECT 0::bigint AS value, repeat('x', 1000) AS text FROM generate_series(1, 5000);
            CREATE TABLE b AS TABLE a; CREATE TABLE c AS TABLE a; ANALYZE
            """,
            Token
        );
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var changes = ChangeAsync(url, enough.Token);
        var manifest = await _site.BackupAsync(url);
        await enough.CancelAsync();
        await changes;
        var copy = url with { Database = $"{url.Database}_copy" };

        await _site.Restorer.RestoreAsync(manifest, copy, null, Token);

        Assert.Equal(2, manifest.Data.Count);
        var sums = await RestoreSite.AskAsync(
            copy,
            "SELECT sum(value) FROM a UNION ALL SELECT sum(value) FROM b UNION ALL SELECT sum(value) FROM c"
        );
        Assert.Single(sums.Distinct());
    }

    [Fact]
    public async Task Large_tables_are_read_once_and_counted_on_the_way()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(
            url,
            """
            CREATE TABLE lines AS SELECT n, E'a\nb\\.\n' || n AS text FROM generate_series(1, 3000) n;
            CREATE TABLE "Other" AS TABLE lines; CREATE TABLE small AS SELECT 1; ANALYZE
            """,
            Token
        );
        using var site = new RestoreSite
        {
            Options = new()
            {
                Key = RestoreSite.KeyOf(9),
                HashedTableBytes = 8 << 10,
                Jobs = 2,
                BytesPerJob = 1,
            },
        };
        var before = await ScansAsync(url, 0);

        var manifest = await site.BackupAsync(url);

        Assert.Equal(
            [("public.\"Other\"", 3000L, null), ("public.lines", 3000L, null), ("public.small", 1L, "hashed")],
            manifest.Content.Tables.Select(table => (table.Table, table.Rows, table.Hash is null ? null : "hashed"))
        );
        // Both by pg_dump; the small one by us too.
        Assert.Equal(before + 4, await ScansAsync(url, before + 4));
        Assert.True((await site.Verifier.VerifyAsync(manifest, url, Token)).Passed);
    }

    [Fact]
    public async Task Rows_of_tables_that_inherit_are_those_tables_own()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(
            url,
            """
            CREATE TABLE large AS SELECT n, repeat('x', 100) AS text FROM generate_series(1, 3000) n;
            CREATE TABLE large_child () INHERITS (large); INSERT INTO large_child SELECT n, 'y' FROM generate_series(1, 7) n;
            CREATE TABLE small (n int); INSERT INTO small VALUES (1);
            CREATE TABLE small_child () INHERITS (small); INSERT INTO small_child VALUES (2), (3)
            """,
            Token
        );
        using var site = new RestoreSite
        {
            Options = new() { Key = RestoreSite.KeyOf(9), HashedTableBytes = 64 << 10 },
        };

        var manifest = await site.BackupAsync(url);

        Assert.Equal(
            [
                ("public.large", 3000L, false),
                ("public.large_child", 7L, true),
                ("public.small", 1L, true),
                ("public.small_child", 2L, true),
            ],
            manifest.Content.Tables.Select(table => (table.Table, table.Rows, table.Hash is not null))
        );
        Assert.True((await site.Verifier.VerifyAsync(manifest, url, Token)).Passed);
    }

    [Fact]
    public async Task A_table_comes_back_alone()
    {
        var (url, manifest) = await BackupAsync();
        var copy = url with { Database = $"{url.Database}_one" };

        await _site.Restorer.RestoreAsync(manifest, copy, "\"a b.c\".\"we\"\"ird table\"", Token);

        Assert.Equal(500, await RestoreSite.CountAsync(copy, "\"a b.c\".\"we\"\"ird table\""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Damage_in_any_file_is_found(int archive)
    {
        var (url, manifest) = await BackupAsync();
        var file = Path.Combine(_site.Folder, manifest.Key(manifest.Dumps[archive]));
        var bytes = await File.ReadAllBytesAsync(file, Token);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Token);

        await IsFoundAsync(manifest, url, manifest.Dumps[archive].Name);
    }

    [Fact]
    public async Task A_file_that_is_missing_or_takes_the_place_of_another_is_found()
    {
        var (url, manifest) = await BackupAsync();
        var files = manifest.Data.Select(dump => Path.Combine(_site.Folder, manifest.Key(dump))).ToList();
        File.Copy(files[0], files[1], overwrite: true);
        await IsFoundAsync(manifest, url, manifest.Data[1].Name);

        File.Delete(files[1]);

        await IsFoundAsync(manifest, url, manifest.Data[1].Name);
    }

    [Fact]
    public async Task The_manifest_names_every_file()
    {
        var (_, manifest) = await BackupAsync();

        var read = BackupManifest.Parse(System.Text.Encoding.UTF8.GetString(manifest.ToJson()))!;

        Assert.Equal(manifest.Data, read.Data);
        Assert.Equal(4, read.Archives.Count);
    }

    // Sessions tell what they did when they end, or a little later.
    private static async Task<int> ScansAsync(DatabaseUrl url, int atLeast)
    {
        var scans = 0;
        for (var tries = 0; tries < 50; tries++)
        {
            var sum = await RestoreSite.AskAsync(
                url,
                "SELECT coalesce(sum(seq_scan), 0)::int FROM pg_stat_user_tables"
            );
            scans = int.Parse(sum[0], null);
            await Task.Delay(scans < atLeast ? 100 : 20, Token);
            if (scans >= atLeast && tries > 10)
            {
                break;
            }
        }

        return scans;
    }

    public void Dispose() => _site.Dispose();

    private async Task<(DatabaseUrl Url, BackupManifest Manifest)> BackupAsync()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(url, RichSchema.Sql, Token);
        // Large enough that a tenth of it is what a rich schema's tables are.
        await TestDatabase.ExecuteAsync(
            url,
            """
            INSERT INTO big SELECT 1, string_agg(sha256(n::text::bytea), '') FROM generate_series(1, 10000) AS n;
            CREATE TABLE heavy AS SELECT n, repeat(md5(n::text), 10) AS text FROM generate_series(1, 1000) AS n;
            ANALYZE
            """,
            Token
        );
        return (url, await _site.BackupAsync(url));
    }

    private async Task IsFoundAsync(BackupManifest manifest, DatabaseUrl url, string file)
    {
        var copy = url with { Database = $"{url.Database}_copy" };
        var verifier = new BackupVerifier(_site.Store, _site.Catalog, _site.Options, _site.Output);

        var read = await Assert.ThrowsAsync<SlipwayException>(() => verifier.VerifyAsync(manifest, Token));
        var restored = await Assert.ThrowsAsync<RestoreFailedException>(() =>
            _site.Restorer.RestoreAsync(manifest, copy, null, Token)
        );

        Assert.Contains(file, read.Message, StringComparison.Ordinal);
        Assert.Contains(file, restored.Message, StringComparison.Ordinal);
        Assert.True(restored.IsFaultOfBackup);
        Assert.Empty(await RestoreSite.BesideAsync(url));
    }

    private static async Task ChangeAsync(DatabaseUrl url, CancellationToken enough)
    {
        await using var source = PostgresSource.Create(url, "test");
        for (var n = 1; !enough.IsCancellationRequested; n++)
        {
            await using var change = source.CreateCommand(
                $"BEGIN; INSERT INTO a VALUES ({n}); INSERT INTO b VALUES ({n}); INSERT INTO c VALUES ({n}); COMMIT"
            );
            await change.ExecuteNonQueryAsync(Token);
        }
    }
}

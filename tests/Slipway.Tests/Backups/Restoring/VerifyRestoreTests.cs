using Slipway.Backups;
using Slipway.Backups.Restoring;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Restoring;

[Trait("Needs", "Server")]
public sealed class VerifyRestoreTests(PostgresCluster cluster) : IDisposable
{
    private readonly RestoreSite _site = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_backup_is_proven_and_nothing_is_left()
    {
        var (url, manifest) = await BackupAsync();

        var found = await _site.Verifier.VerifyAsync(manifest, url, Token);

        Assert.True(found.Passed);
        Assert.Equal(VerificationLevel.Restored, found.Level);
        Assert.True(found.Duration > TimeSpan.Zero);
        Assert.Equal(found, (await _site.Catalog.LatestAsync(Token))!.Restored);
        Assert.Empty(await RestoreSite.BesideAsync(url));
    }

    [Fact]
    public async Task What_is_not_as_it_was_is_named_with_both_values()
    {
        var (url, manifest) = await BackupAsync();
        manifest = manifest with { Content = Otherwise(manifest.Content) };

        var error = await Assert.ThrowsAsync<RestoreFailedException>(() =>
            _site.Verifier.VerifyAsync(manifest, url, Token)
        );

        foreach (
            var (what, before, after) in new[]
            {
                ("rows of public.a", "7", "100"),
                ("values in public.b", "sum 1", "sum "),
                ("table public.lost", "5 rows", "missing"),
                ("sequence public.missing", "there", "missing"),
                ("index", "3", "2"),
                ("large objects", "9", "0"),
            }
        )
        {
            Assert.Matches($@"(?m)^  {what} +{before} +{after}", error.Message);
        }

        Assert.Empty(await RestoreSite.BesideAsync(url));
        Assert.False((await _site.Catalog.ListAsync(Token))[0].IsVerified);
    }

    [Fact]
    public async Task A_changed_row_a_missing_index_and_a_missing_table_of_the_copy_are_found()
    {
        var (url, manifest) = await BackupAsync();
        var copy = url with { Database = $"{url.Database}_copy" };
        var restored = await _site.Restorer.RestoreAsync(manifest, copy, null, Token);
        await TestDatabase.ExecuteAsync(
            copy,
            "UPDATE b SET t = 'y' WHERE id = 5; DROP INDEX b_t; DROP TABLE a; CREATE TABLE more ()",
            Token
        );

        var found = await RestoredContent.CompareAsync(manifest, restored, Token);

        Assert.Equal(
            [
                "table public.a",
                "values in public.b",
                "table public.more",
                "sequence public.a_id_seq",
                "index",
                "primary key",
            ],
            found.Select(difference => difference.What)
        );
    }

    [Fact]
    public async Task A_damaged_backup_is_written_down_as_one_and_the_scratch_database_is_dropped()
    {
        var (url, manifest) = await BackupAsync();
        await _site.DamageAsync(manifest);

        await Assert.ThrowsAsync<RestoreFailedException>(() => _site.Verifier.VerifyAsync(manifest, url, Token));

        Assert.NotNull((await _site.Catalog.ListAsync(Token))[0].Verifications[^1].Problem);
        Assert.Empty(await RestoreSite.BesideAsync(url));
    }

    [Fact]
    public async Task What_a_killed_run_left_is_dropped_and_what_is_not_ours_or_in_use_stays()
    {
        var (url, manifest) = await BackupAsync();
        var (left, used, foreign) = (
            $"{url.Database}_verify_1",
            $"{url.Database}_verify_2",
            $"{url.Database}_verify_3"
        );
        await using var server = await ServerSession.OpenAsync(url, Token);
        foreach (var name in new[] { left, used })
        {
            await new NewDatabase(server, name).CreateAsync(manifest.Content.Properties, "test", Token);
        }

        await server.ExecuteAsync($"CREATE DATABASE {foreign}", Token);
        await using var user = await ServerSession.ConnectAsync(url, used, Token);

        await _site.Verifier.VerifyAsync(manifest, url, Token);

        Assert.Equal([used, foreign], await RestoreSite.BesideAsync(url));
        Assert.Contains($"dropped database {left}", _site.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_verifications_of_one_backup_at_once_are_refused()
    {
        var (url, manifest) = await BackupAsync();

        var both = await Task.WhenAll(TryAsync(), TryAsync());

        Assert.Contains(null, both);
        Assert.All(both.OfType<SlipwayException>(), error => Assert.Equal(ExitCode.Refused, error.ExitCode));
        Assert.Empty(await RestoreSite.BesideAsync(url));

        async Task<SlipwayException?> TryAsync()
        {
            try
            {
                await _site.Verifier.VerifyAsync(manifest, url, Token);
                return null;
            }
            catch (SlipwayException exception)
            {
                return exception;
            }
        }
    }

    public void Dispose() => _site.Dispose();

    private static DatabaseContent Otherwise(DatabaseContent content) =>
        content with
        {
            Tables =
            [
                .. content.Tables.Select(table =>
                    table.Table switch
                    {
                        "public.a" => table with { Rows = 7 },
                        "public.b" => table with { Hash = "1" },
                        _ => table,
                    }
                ),
                new("public.lost", 5),
            ],
            Sequences = [.. content.Sequences, new("public.missing", 1)],
            Objects = new Dictionary<string, long>(content.Objects) { ["index"] = content.Objects["index"] + 1 },
            LargeObjects = 9,
        };

    private async Task<(DatabaseUrl Url, BackupManifest Manifest)> BackupAsync()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(
            url,
            """
            CREATE TABLE a (id serial PRIMARY KEY); INSERT INTO a SELECT FROM generate_series(1, 100);
            CREATE TABLE b AS SELECT n AS id, 'x' AS t FROM generate_series(1, 10) AS n; CREATE INDEX b_t ON b (t)
            """,
            Token
        );
        return (url, await _site.BackupAsync(url));
    }
}

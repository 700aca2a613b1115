using Slipway.Backups;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups;

[Trait("Needs", "Server")]
public sealed class BackupWriterTests(PostgresCluster cluster) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-backup-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BackupWriter Writer => new(new FileStore(_folder.FullName), new ProcessRunner(TimeProvider.System), Output);

    private static RunOutput Output => new(TextWriter.Null, interactive: false, TimeProvider.System);

    [Fact]
    public async Task Holds_every_row_of_its_snapshot_and_reads_back()
    {
        var url = await DatabaseAsync();

        var manifest = await BackUpAsync(url);
        await Writer.VerifyAsync(manifest, Token);

        Assert.Equal([new TableRows("public.notes", 1000)], manifest.Tables);
        Assert.Equal(manifest.Id, (await Writer.LatestAsync("test", Token))!.Id);
    }

    [Fact]
    public async Task Finds_a_byte_that_flipped()
    {
        var manifest = await BackUpAsync(await DatabaseAsync());
        var file = Path.Combine(_folder.FullName, manifest.DumpKey);
        var bytes = await File.ReadAllBytesAsync(file, Token);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Token);

        var error = await Assert.ThrowsAsync<SlipwayException>(() => Writer.VerifyAsync(manifest, Token));

        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finds_a_dump_that_was_cut_off_even_when_the_manifest_was_made_to_fit()
    {
        var manifest = await BackUpAsync(await DatabaseAsync());
        var file = Path.Combine(_folder.FullName, manifest.DumpKey);
        var bytes = (await File.ReadAllBytesAsync(file, Token))[..^200];
        await File.WriteAllBytesAsync(file, bytes, Token);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

        await Assert.ThrowsAsync<SlipwayException>(() =>
            Writer.VerifyAsync(manifest with { Bytes = bytes.Length, Sha256 = hash }, Token)
        );
    }

    [Fact]
    public async Task Is_no_backup_when_the_dump_fails()
    {
        var url = await DatabaseAsync();
        await TestDatabase.ExecuteAsync(
            url,
            "CREATE ROLE reader LOGIN; CREATE SCHEMA closed; CREATE TABLE closed.secret (id int)",
            Token
        );

        await Assert.ThrowsAnyAsync<Exception>(() => BackUpAsync(url with { User = "reader" }));

        Assert.Empty(await new FileStore(_folder.FullName).ListAsync("", Token));
    }

    [Fact]
    public async Task Leaves_nothing_when_it_is_interrupted()
    {
        var url = await DatabaseAsync();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Writer.BackupAsync(url, "20260101T000000Z-0001", "test", "test", stop.Token)
        );

        Assert.Empty(await new FileStore(_folder.FullName).ListAsync("", Token));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<BackupManifest> BackUpAsync(DatabaseUrl url) =>
        Writer.BackupAsync(url, "20260101T000000Z-0001", "test", "test", Token);

    private async Task<DatabaseUrl> DatabaseAsync()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(
            url,
            "CREATE TABLE notes AS SELECT n AS id, md5(n::text) AS title FROM generate_series(1, 1000) AS n",
            Token
        );
        return url;
    }
}

using Slipway.Backups;
using Slipway.Backups.Age;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups;

[Trait("Needs", "Server")]
public sealed class BackupTests(PostgresCluster cluster) : IDisposable
{
    private const string Run = "20260101T000000Z-0001";
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _printed = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FileStore Store => new(_folder.Path);

    private RunOutput Output => new(TextWriter.Synchronized(_printed), interactive: false, TimeProvider.System);

    private BackupCatalog Catalog => new(Store, "test", Output);

    private static BackupOptions Options { get; } = new() { Key = KeyOf(), LockTimeout = TimeSpan.FromSeconds(1) };

    private BackupWriter Writer => new(Store, Catalog, Options, new ProcessRunner(TimeProvider.System), Output);

    private BackupVerifier Verifier => new(Store, Catalog, Options, Output);

    [Fact]
    public async Task Knows_what_it_holds_and_counts_once_it_was_read_back()
    {
        var url = await DatabaseAsync();

        var manifest = await Writer.BackupAsync(url, Run, "test", Token);

        Assert.Null(await Catalog.LatestAsync(Token));
        await Verifier.VerifyAsync(manifest, Token);
        var stored = (await Catalog.LatestAsync(Token))!;
        Assert.Equal(manifest.Id, stored.Id);
        Assert.Equal(BackupManifest.Parse(System.Text.Encoding.UTF8.GetString(manifest.ToJson()))!.Dump, manifest.Dump);
        var content = stored.Manifest.Content;
        Assert.Equal(("public.notes", 1000L), (content.Tables[0].Table, content.Tables[0].Rows));
        Assert.NotNull(content.Tables[0].Hash);
        Assert.Equal([new SequenceValue("public.counter", 7)], content.Sequences);
        Assert.Equal(1, content.LargeObjects);
        Assert.Equal(1, content.Objects["primary key"]);
        Assert.Equal([new DatabaseSetting(null, "search_path", "app, public")], content.Settings);
        Assert.Single(manifest.Keys);
        Assert.EndsWith(".zst.age", manifest.Dump.Name, StringComparison.Ordinal);
        Assert.NotNull(manifest.Globals);
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("missing")]
    [InlineData("other")]
    public async Task A_broken_backup_is_found_and_never_the_latest(string damage)
    {
        var url = await DatabaseAsync();
        var good = await Writer.BackupAsync(url, Run, "test", Token);
        await Verifier.VerifyAsync(good, Token);
        var manifest = await Writer.BackupAsync(url, "20260101T000001Z-0002", "test", Token);
        var file = Path.Combine(_folder.Path, manifest.Key(manifest.Dump));
        var bytes = await File.ReadAllBytesAsync(file, Token);
        switch (damage)
        {
            case "flip":
                bytes[bytes.Length / 2] ^= 1;
                await File.WriteAllBytesAsync(file, bytes, Token);
                break;
            case "cut":
                await File.WriteAllBytesAsync(file, bytes[..^200], Token);
                break;
            case "empty":
                await File.WriteAllBytesAsync(file, [], Token);
                break;
            case "missing":
                File.Delete(file);
                break;
            default:
                File.Copy(Path.Combine(_folder.Path, good.Key(good.Dump)), file, overwrite: true);
                break;
        }

        var error = await Assert.ThrowsAsync<SlipwayException>(() => Verifier.VerifyAsync(manifest, Token));

        Assert.Contains($"Backup {manifest.Id}", error.Message, StringComparison.Ordinal);
        Assert.Equal(good.Id, (await Catalog.LatestAsync(Token))!.Id);
        var found = (await Catalog.ListAsync(Token))[^1];
        Assert.False(found.IsVerified);
        Assert.NotNull(found.Verifications[^1].Problem);
    }

    [Fact]
    public async Task Opens_with_the_tools_that_everybody_has()
    {
        var url = await DatabaseAsync();
        var manifest = await Writer.BackupAsync(url, Run, "test", Token);
        Tool.Require("age", "zstd");
        var key = Path.Combine(_folder.Path, "key.txt");
        await File.WriteAllTextAsync(key, Options.Key!.Export()[0].Reveal(), Token);

        // As the README tells a person who has lost everything but the store and the key.
        var listed = await Tool.RunAsync(
            "sh",
            "-c",
            "age -d -i \"$0\" \"$1\" | zstd -dq | pg_restore --list",
            key,
            Path.Combine(_folder.Path, manifest.Key(manifest.Dump))
        );

        Assert.Contains("TABLE DATA public notes", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_refused_where_row_security_hides_rows()
    {
        var url = await DatabaseAsync();
        await TestDatabase.ExecuteAsync(
            url,
            """
            DO $$ BEGIN CREATE ROLE backup_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT pg_read_all_data TO backup_reader; ALTER TABLE notes ENABLE ROW LEVEL SECURITY
            """,
            Token
        );

        var error = await Assert.ThrowsAsync<SlipwayException>(() =>
            Writer.BackupAsync(url with { User = "backup_reader" }, Run, "test", Token)
        );

        Assert.Contains("does not see every row of public.notes", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Store.ListAsync("", Token));
    }

    [Fact]
    public async Task Keeps_nothing_when_the_store_fails_in_the_middle()
    {
        var url = await DatabaseAsync();
        var store = new FailingStore(Store);
        var writer = new BackupWriter(
            store,
            new BackupCatalog(store, "test", Output),
            Options,
            new ProcessRunner(TimeProvider.System),
            Output
        );

        await Assert.ThrowsAsync<IOException>(() => writer.BackupAsync(url, Run, "test", Token));

        Assert.Empty(await Store.ListAsync("", Token));
    }

    [Fact]
    public async Task Makes_room_by_removing_what_a_killed_run_left()
    {
        var url = await DatabaseAsync();
        var left = _folder["backups/test/20260101T000000Z-dead/database.dump.zst.age"];
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        await File.WriteAllTextAsync($"{left}.{Guid.NewGuid():N}.part", "half a dump", Token);

        await Writer.BackupAsync(url, Run, "test", Token);

        Assert.False(Directory.Exists(Path.GetDirectoryName(left)));
        Assert.Contains(
            "left unfinished: backups/test/20260101T000000Z-dead/database.dump.zst.age (11 B)",
            _printed.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Keeps_nothing_when_it_is_interrupted()
    {
        var url = await DatabaseAsync();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Writer.BackupAsync(url, Run, "test", stop.Token));

        Assert.Empty(await Store.ListAsync("", Token));
    }

    [Fact]
    public async Task Warns_of_a_manifest_that_cannot_be_read_and_counts_the_others()
    {
        var url = await DatabaseAsync();
        var manifest = await Writer.BackupAsync(url, Run, "test", Token);
        await Verifier.VerifyAsync(manifest, Token);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "backups", "test", "broken"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "backups/test/broken/manifest.json"), "{", Token);

        Assert.Equal([manifest.Id], (await Catalog.ListAsync(Token)).Select(backup => backup.Id));
        Assert.Contains("broken/manifest.json", _printed.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _printed.Dispose();
    }

    private async Task<DatabaseUrl> DatabaseAsync()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(
            url,
            $"""
            CREATE TABLE notes AS SELECT n AS id, md5(n::text) AS title FROM generate_series(1, 1000) AS n;
            ALTER TABLE notes ADD PRIMARY KEY (id);
            CREATE SEQUENCE counter; SELECT setval('counter', 7); SELECT lo_from_bytea(0, 'large');
            ALTER DATABASE "{url.Database}" SET search_path = app, public
            """,
            Token
        );
        return url;
    }

    private static BackupKey KeyOf() =>
        BackupKey.TryParse(
            "KEY",
            new Secret(Convert.ToHexString(Enumerable.Range(9, 32).Select(n => (byte)n).ToArray())),
            out var key,
            out _
        )
            ? key
            : throw new InvalidOperationException("no key");

    // A store whose disk is full before the dump is whole.
    private sealed class FailingStore(IObjectStore inner) : IObjectStore
    {
        public string Location => inner.Location;

        public Task PutAsync(
            string key,
            Func<Stream, CancellationToken, Task> write,
            CancellationToken cancellationToken
        ) =>
            inner.PutAsync(
                key,
                async (_, token) =>
                {
                    await write(new FullStream(), token);
                },
                cancellationToken
            );

        public Task<bool> TryCreateAsync(
            string key,
            ReadOnlyMemory<byte> content,
            CancellationToken cancellationToken
        ) => inner.TryCreateAsync(key, content, cancellationToken);

        public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) =>
            inner.OpenAsync(key, cancellationToken);

        public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken) =>
            inner.ListAsync(prefix, cancellationToken);

        public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
            inner.DeleteAsync(key, cancellationToken);

        public Task<IReadOnlyList<StoredObject>> SweepAsync(string prefix, CancellationToken cancellationToken) =>
            inner.SweepAsync(prefix, cancellationToken);

        public Task<long?> FreeBytesAsync(CancellationToken cancellationToken) =>
            inner.FreeBytesAsync(cancellationToken);

        private sealed class FullStream : MemoryStream
        {
            public override ValueTask WriteAsync(
                ReadOnlyMemory<byte> buffer,
                CancellationToken cancellationToken = default
            ) =>
                Position + buffer.Length > 1000
                    ? throw new IOException("No space left on device")
                    : base.WriteAsync(buffer, cancellationToken);
        }
    }
}

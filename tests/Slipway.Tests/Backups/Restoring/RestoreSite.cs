using Slipway.Backups;
using Slipway.Backups.Age;
using Slipway.Backups.Restoring;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Restoring;

/// <summary>A store, and everything that backs up to it and restores from it.</summary>
internal sealed class RestoreSite : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _printed = new();
    private int _backups;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public FileStore Store => new(_folder.Path);

    public string Folder => _folder.Path;

    public string Printed => _printed.ToString();

    public RunOutput Output =>
        field ??= new(TextWriter.Synchronized(_printed), interactive: false, TimeProvider.System);

    public BackupCatalog Catalog => new(Store, "test", Output);

    public BackupOptions Options { get; init; } = new() { Key = KeyOf(9), LockTimeout = TimeSpan.FromSeconds(5) };

    public RestoreOptions Restore { get; init; } = new() { Processes = 2, CleanupLimit = TimeSpan.FromSeconds(15) };

    public IProcessRunner Processes { get; init; } = new ProcessRunner(TimeProvider.System);

    public RestoreVerifier Verifier => new(Restorer, Catalog);

    public DatabaseRestorer Restorer => new(Store, Options, Restore, Processes, Output);

    public Task<BackupManifest> BackupAsync(DatabaseUrl url) =>
        new BackupWriter(Store, Catalog, Options, new ProcessRunner(TimeProvider.System), Output).BackupAsync(
            url,
            $"20260101T000000Z-{Interlocked.Increment(ref _backups):0000}",
            "test",
            Token
        );

    /// <summary>Changes one byte in the middle of the dump.</summary>
    public async Task DamageAsync(BackupManifest manifest)
    {
        var file = Path.Combine(_folder.Path, manifest.Key(manifest.Dump));
        var bytes = await File.ReadAllBytesAsync(file, Token);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Token);
    }

    /// <summary>A database as SQL, to compare two of them to the last letter.</summary>
    public static async Task<string> DumpAsync(DatabaseUrl url)
    {
        var command = Command.Of(PostgresPrograms.Find("pg_dump"), "--no-password") with
        {
            Variables = PostgresSource.LibpqVariables(url, "test"),
        };
        var text = "";
        await new ProcessRunner(TimeProvider.System).StreamAsync(
            command,
            async (stream, token) => text = await new StreamReader(stream).ReadToEndAsync(token),
            Token
        );
        // Newer programs put a random word around it.
        return string.Join('\n', text.Split('\n').Where(line => !line.Contains("restrict ", StringComparison.Ordinal)));
    }

    public static BackupKey KeyOf(byte first) =>
        BackupKey.TryParse(
            "KEY",
            new Secret(Convert.ToHexString(Enumerable.Range(first, 32).Select(n => (byte)n).ToArray())),
            out var key,
            out _
        )
            ? key
            : throw new InvalidOperationException("no key");

    public static async Task<IReadOnlyList<string>> AskAsync(DatabaseUrl url, string sql)
    {
        await using var source = PostgresSource.Create(url, "test");
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(Token);
        var found = new List<string>();
        while (await rows.ReadAsync(Token))
        {
            found.Add(Convert.ToString(rows.GetValue(0), null) ?? "");
        }

        return found;
    }

    /// <summary>Names of all databases that begin with a database's name, except itself.</summary>
    public static Task<IReadOnlyList<string>> BesideAsync(DatabaseUrl url) =>
        AskAsync(
            url with
            {
                Database = "postgres",
            },
            $"SELECT datname FROM pg_database WHERE starts_with(datname, '{url.Database.Replace("'", "''", StringComparison.Ordinal)}_') ORDER BY 1"
        );

    public static async Task<int> CountAsync(DatabaseUrl url, string table) =>
        int.Parse((await AskAsync(url, $"SELECT count(*) FROM {table}"))[0], null);

    public void Dispose()
    {
        _folder.Dispose();
        _printed.Dispose();
    }
}

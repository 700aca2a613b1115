using Slipway.Backups.PgBackRest;
using Slipway.Environments;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.PgBackRest;

/// <summary>A PostgreSQL server that archives into a repository, all in one folder; started by the first who asks.</summary>
public class BackedUpServer : IAsyncDisposable
{
    private readonly Lazy<Task> _started;
    private readonly string _folder = Path.Combine(
        Path.GetTempPath(),
        $"slipway-br-{Guid.NewGuid().ToString("N")[..12]}"
    );

    public BackedUpServer()
    {
        _started = new(StartAsync);
        Settings = new()
        {
            Stanza = "app",
            DataFolder = Path.Combine(_folder, "data"),
            Folder = Path.Combine(_folder, "pgbackrest"),
            Repository = new FolderRepository(Path.Combine(_folder, "repository")),
            SocketFolder = _folder,
            Passphrase = new("Zm9yIHRlc3RzIG9ubHksIG5vdCBzZWNyZXQgYXQgYWxs"),
            ArchiveTimeout = TimeSpan.FromSeconds(20),
            PushTimeout = TimeSpan.FromSeconds(2),
            LongTimeout = TimeSpan.FromMinutes(2),
            ShortTimeout = TimeSpan.FromMinutes(1),
            Grace = TimeSpan.FromSeconds(10),
        };
        Engine = new(Settings, Processes);
    }

    public static ProcessRunner Processes { get; } = new(TimeProvider.System);

    public PgBackRestSettings Settings { get; }

    public PgBackRestEngine Engine { get; }

    public ScratchSettings Scratch => new(Path.Combine(_folder, "scratch"));

    /// <summary>The server, by its socket.</summary>
    public DatabaseUrl Url =>
        new()
        {
            Host = _folder,
            Database = "postgres",
            User = "postgres",
            SslMode = "disable",
            Raw = new(""),
        };

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The server, running and with a stanza.</summary>
    public Task UpAsync()
    {
        Tool.Require("pgbackrest");
        return _started.Value;
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var source = PostgresSource.Create(Url, "test");
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Stop))!;
    }

    public async Task DoAsync(string sql)
    {
        await using var source = PostgresSource.Create(Url, "test");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>Waits until everything written so far is in the repository.</summary>
    public async Task ArchiveAsync()
    {
        await DoAsync("SELECT pg_create_restore_point('end'); SELECT pg_switch_wal()");
        for (
            var waits = 0;
            await AskAsync<long>("SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'") > 0;
            waits++
        )
        {
            Assert.True(waits < 300, "archiving does not end");
            await Task.Delay(100, Stop);
        }
    }

    public Task RestartAsync(string mode) => ControlAsync("-m", mode, "restart");

    /// <summary>Settings of somebody who has only a copy of the repository.</summary>
    internal async Task<PgBackRestSettings> WithCopyAsync(TemporaryFolder copy)
    {
        var repository = ((FolderRepository)Settings.Repository).Path;
        await RunAsync("cp", ["-a", repository, copy["repository"]]);
        await RunAsync("chmod", ["755", copy.Path]);
        return Settings with { Folder = copy["pgbackrest"], Repository = new FolderRepository(copy["repository"]) };
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_started is { IsValueCreated: true })
        {
            await ControlAsync("-m", "immediate", "stop");
            // An asynchronous push outlives the server for a moment.
            for (var tries = 0; Directory.Exists(_folder) && tries < 10; tries++)
            {
                await RunAsync("sh", ["-c", "rm -rf \"$1\" 2>/dev/null; sleep 0.2", "sh", _folder]);
            }
        }
    }

    protected virtual async Task StartAsync()
    {
        await new ServerFolder(Processes).CreateAsync(_folder, Stop);
        await ServeAsync(
            "initdb",
            "-D",
            Settings.DataFolder,
            "-U",
            "postgres",
            "-A",
            "trust",
            "--locale=C",
            "--no-sync",
            "-k"
        );
        await Engine.PrepareAsync(Stop);
        await File.AppendAllTextAsync(
            Path.Combine(Settings.DataFolder, "postgresql.conf"),
            $"""
            {new ArchiveSetup(Settings).Text}
            listen_addresses = ''
            unix_socket_directories = '{_folder}'
            shared_buffers = 16MB
            max_wal_size = 256MB
            fsync = off
            """,
            Stop
        );
        await ControlAsync("start");
        await Engine.CreateStanzaAsync(Stop);
    }

    private Task ControlAsync(params string[] words) =>
        ServeAsync(
            "pg_ctl",
            ["-s", "-w", "-D", Settings.DataFolder, "-l", Path.Combine(_folder, "server.log"), .. words]
        );

    // The server must not keep our pipes.
    private async Task ServeAsync(string program, params string[] arguments)
    {
        string[] words =
        [
            .. Environment.IsPrivilegedProcess ? ServerUser.Prefix : [],
            "sh",
            "-c",
            "exec \"$@\" >>\"$0\" 2>&1 </dev/null",
            Path.Combine(_folder, "commands.log"),
            Path.Combine(PostgresPrograms.ServerFolder(14)!, program),
            .. arguments,
        ];
        var result = await Processes.RunAsync(
            new Command(words[0], words[1..]) { Folder = "/", Timeout = TimeSpan.FromMinutes(1) },
            null,
            CancellationToken.None
        );
        Assert.True(
            result.ExitCode == 0,
            $"{program} failed: {await File.ReadAllTextAsync(Path.Combine(_folder, "commands.log"), CancellationToken.None)}"
        );
    }

    internal static async Task RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var result = await Processes.RunAsync(Command.Of(program, arguments), null, CancellationToken.None);
        Assert.True(result.ExitCode == 0, $"{program}: {result.Error}");
    }
}

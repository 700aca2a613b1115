using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Slipway.Tests.Support;

/// <summary>A throw-away PostgreSQL server on loopback, started by the first test that asks for a database.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"slipway-pg-{Guid.NewGuid():N}");
    private int _port = FreePort();
    private readonly (string Programs, string? Libraries)? _other;
    private readonly Lazy<Task> _started;
    private int _databases;
    private bool _isStopped;

    public PostgresCluster() => _started = new(StartAsync);

    /// <summary>A server of another version.</summary>
    /// <param name="programs">Folder of its programs.</param>
    /// <param name="libraries">Folder of libraries that they need; null for the system's.</param>
    internal PostgresCluster(string programs, string? libraries)
        : this() => _other = (programs, libraries);

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await _started.Value;
        var name = $"t{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionString(name);
    }

    /// <summary>Stops the server at once, as a crash does.</summary>
    public Task StopAsync()
    {
        _isStopped = true;
        return RunAsync("pg_ctl", "-s", "-D", _data, "-m", "immediate", "stop");
    }

    /// <summary>Stops the server as a crash does, and starts it again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartServerAsync();
        _isStopped = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            if (!_isStopped)
            {
                await StopAsync();
            }

            await RunAsync("rm", "-rf", _data, $"{_data}.log");
        }
    }

    private async Task StartAsync()
    {
        await RunAsync("initdb", "-D", _data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        for (var tries = 1; ; tries++)
        {
            try
            {
                await StartServerAsync();
                return;
            }
            catch (InvalidOperationException) when (tries < 5)
            {
                // Of many who look for a free port at once, another may have been faster.
                _port = FreePort();
            }
        }
    }

    private async Task StartServerAsync()
    {
        var options = $"-p {_port} -h 127.0.0.1 -k '' -c fsync=off -c full_page_writes=off -c jit=off";
        await RunAsync("pg_ctl", "-s", "-w", "-D", _data, "-l", $"{_data}.log", "-o", options, "start");
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Pooling=false";

    private async Task RunAsync(params string[] command)
    {
        // PostgreSQL refuses to run as root, so root drops to the postgres user.
        var found = (string[])
            [
                _other is { } other && command[0] is not "rm"
                    ? Path.Combine(other.Programs, command[0])
                    : Program(command[0]),
                .. command[1..],
            ];
        var full = Environment.IsPrivilegedProcess ? (string[])["runuser", "-u", "postgres", "--", .. found] : found;

        // pg_ctl leaves the server holding its output open, so only initdb's is read.
        var quiet = command[0] is "initdb";
        var start = new ProcessStartInfo(full[0], full[1..])
        {
            RedirectStandardOutput = quiet,
            WorkingDirectory = "/tmp",
        };
        if (_other?.Libraries is { } libraries)
        {
            start.Environment["LD_LIBRARY_PATH"] = libraries;
        }

        using var process = Process.Start(start)!;
        var output = quiet ? await process.StandardOutput.ReadToEndAsync(CancellationToken.None) : "";
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{command[0]} exited with {process.ExitCode}: {output}\nHINT: put PostgreSQL's server programs on PATH."
            );
        }
    }

    // Debian keeps the server's programs off PATH.
    private static string Program(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderDescending(StringComparer.Ordinal)
                .Select(folder => Path.Combine(folder, "bin", name))
                .FirstOrDefault(File.Exists)
                ?? name
            : name;

    /// <summary>A port of loopback that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.Postgres;

namespace Slipway.Benchmarks;

/// <summary>A PostgreSQL server of the benchmark's own, with the settings of a small production server.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private readonly string _programs =
        PostgresPrograms.ServerFolder(14) ?? throw new InvalidOperationException("install postgresql");

    public int Port { get; } = FreePort();

    private BenchmarkServer() { }

    public string Folder { get; } = Directory.CreateTempSubdirectory("slipway-bench-").FullName;

    public string Url => $"postgresql://postgres@127.0.0.1:{Port}/app?sslmode=disable";

    /// <summary>Process number of the server itself.</summary>
    public int ProcessId =>
        int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    public IReadOnlyDictionary<string, string> Variables =>
        new Dictionary<string, string>
        {
            ["PGHOST"] = "127.0.0.1",
            ["PGPORT"] = $"{Port}",
            ["PGUSER"] = "postgres",
            ["PGDATABASE"] = "app",
            ["PATH"] = $"{_programs}:{Environment.GetEnvironmentVariable("PATH")}",
        };

    public string Data => Path.Combine(Folder, "data");

    public static async Task<BenchmarkServer> StartAsync()
    {
        var server = new BenchmarkServer();
        await server.RunAsync("chmod", "755", server.Folder);
        await server.RunAsync("mkdir", server.Data);
        await server.RunAsync("sh", "-c", $"chown postgres {server.Data} 2>/dev/null || true");
        await server.ServerAsync(
            Path.Combine(server._programs, "initdb"),
            "-D",
            server.Data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C"
        );
        var options =
            $"-p {server.Port} -h 127.0.0.1 -k /tmp -c wal_level=replica -c shared_buffers=2GB -c max_wal_size=4GB -c checkpoint_timeout=30min";
        await server.ServerAsync(
            Path.Combine(server._programs, "pg_ctl"),
            "-s",
            "-w",
            "-D",
            server.Data,
            "-l",
            $"{server.Data}/log",
            "-o",
            options,
            "start"
        );
        await server.RunAsync("createdb", "-p", $"{server.Port}", "-h", "127.0.0.1", "-U", "postgres", "app");
        return server;
    }

    /// <summary>Makes users, orders with JSON and events, so that the dump compresses three to four times, as real data does.</summary>
    public async Task FillAsync(int megabytes)
    {
        var rows = (long)megabytes * 1500;
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            SET synchronous_commit = off;
            CREATE TABLE users AS SELECT n AS id, 'user' || n || '@example.com' AS email, md5(n::text) AS password,
                now() - n * interval '1 minute' AS created FROM generate_series(1, {{rows / 10}}) AS n;
            CREATE TABLE orders AS SELECT n AS id, n % {{rows
                / 10}} AS user_id, (random() * 10000)::numeric(10, 2) AS total,
                jsonb_build_object('status', (ARRAY['new','paid','shipped','returned'])[1 + n % 4], 'items', n % 7,
                    'note', repeat(md5((n % 1000)::text), 2), 'ref', md5(random()::text)) AS detail
                FROM generate_series(1, {{rows}}) AS n;
            CREATE TABLE events AS SELECT n AS id, n % {{rows}} AS order_id, now() - n * interval '1 second' AS at,
                'order ' || (ARRAY['created','changed','paid','sent'])[1 + n % 4] || ' by user ' || (random() * {{rows
                / 10}})::int AS text
                FROM generate_series(1, {{rows * 2}}) AS n;
            ALTER TABLE users ADD PRIMARY KEY (id); ALTER TABLE orders ADD PRIMARY KEY (id);
            ALTER TABLE events ADD PRIMARY KEY (id); CREATE INDEX ON orders (user_id); CREATE INDEX ON events (order_id);
            VACUUM ANALYZE; CHECKPOINT;
            """
        );
        var file = Path.Combine(Folder, "fill.sql");
        await File.WriteAllTextAsync(file, sql);
        await RunAsync("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", file);
    }

    public async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{string.Join(' ', command)} ended with exit code {process.ExitCode}: {await output}"
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ServerAsync(Path.Combine(_programs, "pg_ctl"), "-s", "-D", Data, "-m", "immediate", "stop");
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>What a command begins with that runs as the server does, which refuses to be root.</summary>
    public static IReadOnlyList<string> AsServer =>
        Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];

    public Task ServerAsync(string program, params string[] arguments) =>
        RunAsync([.. AsServer, program, .. arguments]);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

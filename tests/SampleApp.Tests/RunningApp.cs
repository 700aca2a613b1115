using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Npgsql;
using Slipway.Tests.Support;

namespace SampleApp.Tests;

/// <summary>The application as a process of its own, on a database of its own with every migration applied.</summary>
internal sealed partial class RunningApp : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _log;

    private RunningApp(Process process, string database, int port, string log)
    {
        (_process, Database, _log) = (process, database, log);
        Http = new(new HttpClientHandler { UseProxy = false }) { BaseAddress = new($"http://127.0.0.1:{port}") };
    }

    /// <summary>The connection string of its database.</summary>
    public string Database { get; }

    public HttpClient Http { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RunningApp> StartAsync(
        PostgresCluster cluster,
        int authRequests = 1000,
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        var database = await cluster.CreateDatabaseAsync(Token);
        // The seed only makes rows for backups to carry.
        foreach (var folder in Migrations().Where(folder => !folder.EndsWith("_seed", StringComparison.Ordinal)))
        {
            await ExecuteAsync(database, await File.ReadAllTextAsync(Path.Combine(folder, "migration.sql"), Token));
        }

        var (port, log) = (PostgresCluster.FreePort(), Path.GetTempFileName());
        var url = new NpgsqlConnectionStringBuilder(database);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SampleApp.dll")])
        {
            Environment =
            {
                ["DATABASE_URL"] = $"postgresql://postgres@{url.Host}:{url.Port}/{url.Database}?sslmode=disable",
                ["PORT"] = $"{port}",
                ["APP_VERSION"] = "r1",
                ["ACCESS_TOKEN_SECRET"] = new('a', 44),
                ["REFRESH_TOKEN_SECRET"] = new('b', 44),
                ["CSRF_SECRET"] = new('c', 44),
                ["LOG_FILE"] = log,
                ["RATE_LIMIT_AUTH_PER_10S"] = $"{authRequests}",
            },
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var app = new RunningApp(Process.Start(start)!, database, port, log);
        await app.AwaitAsync();
        return app;
    }

    public static IReadOnlyList<string> Migrations() =>
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "migrations"))
                // A migration that was deleted leaves its empty folder in the build's output.
                .Where(folder => Directory.EnumerateFiles(folder).Any())
                .Order(StringComparer.Ordinal),
        ];

    public static async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(
        HttpMethod method,
        string path,
        object? body = null,
        string? token = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var answer = await Http.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        return (answer.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null);
    }

    /// <summary>Asks it to stop, as a deploy does, and tells its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        Assert.Equal(0, Kill(_process.Id, 15));
        await _process.WaitForExitAsync(Token);
        return _process.ExitCode;
    }

    public Task<string[]> LogAsync() => File.ReadAllLinesAsync(_log, Token);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        File.Delete(_log);
    }

    private async Task AwaitAsync()
    {
        while (true)
        {
            Assert.False(_process.HasExited, "The application ended.");
            try
            {
                using var answer = await Http.GetAsync("/health", Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, Token);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}

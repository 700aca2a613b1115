using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>An adopter's project in a folder of its own: a small web application, its migrations, one environment.</summary>
public sealed class Project : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly int _port = FreePort();
    private readonly string _mode;

    /// <summary>Makes one.</summary>
    /// <param name="rehearses">False brings migrations that run long, or fail, to the live database untried.</param>
    public Project(bool rehearses = true)
    {
        _mode = rehearses ? "warn" : "off";
        Folder = Directory.CreateTempSubdirectory("slipway-e2e-").FullName;
        Copy(Path.Combine(AppContext.BaseDirectory, "TestApp"), PathOf("app"));
        Directory.CreateDirectory(PathOf(".nuke/environments"));
        Behave();
        AddMigration("20260101000000_notes", "CREATE TABLE notes (id serial PRIMARY KEY, title text NOT NULL);");
        Write(".gitignore", ".nuke/temp/\n.nuke/build.schema.json\n");
        Write(
            ".nuke/environments/critical.hurl",
            "GET {{base}}/health\nHTTP 200\n\nPOST {{base}}/api/notes\n{\"title\":\"{{run}}\"}\nHTTP 201\n"
        );
        Configure(_ => { });
        Git("init", "-q");
        Commit("first");
    }

    public string Folder { get; }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>The build script that is tested.</summary>
    public static string BuildScript { get; } = Path.GetFullPath(Path.Combine(Folders(), "..", "..", "..", "build.sh"));

    public string PathOf(string relative) => Path.Combine(Folder, relative);

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllText(PathOf(relative), text);
    }

    public void AddMigration(string name, string sql, string? verdict = "expand") =>
        Write($"migrations/{name}/migration.sql", verdict is null ? sql : $"-- slipway: {verdict}\n{sql}\n");

    /// <summary>Changes how the application behaves, which makes it another release.</summary>
    public void Behave(string json = "{}") => Write("app/behaviour.json", json);

    public void Configure(Action<JsonObject> change)
    {
        var settings = JsonNode
            .Parse(
                $$"""
                {
                  "provision": "local",
                  "store": { "folder": ".nuke/temp/local/store" },
                  "migrations": { "folder": "migrations", "rehearsal": { "mode": "{{_mode}}" } },
                  "test": { "command": ["echo", "3 passed, 0 failed"] },
                  "release": {
                    "strategy": "process",
                    "build": ["cp", "-r", "app", "{folder}"],
                    "start": ["dotnet", "{folder}/Slipway.TestApp.dll"],
                    "folder": ".nuke/temp/local/app",
                    "port": {{_port}},
                    "drainTimeout": "5s"
                  },
                  "health": { "timeout": "8s" },
                  "verify": {
                    "requests": ".nuke/environments/critical.hurl",
                    "log": ".nuke/temp/local/app/shared/app.log",
                    "logErrors": ["\"level\":\"error\""]
                  }
                }
                """
            )!
            .AsObject();
        change(settings);
        Write(
            ".nuke/environments/local.json",
            settings.ToJsonString(new JsonSerializerOptions { WriteIndented = true })
        );
    }

    /// <summary>Makes the environment of a team that ships with its own commands and wants every plan approved.</summary>
    public void ConfigureTeam(Action<JsonObject> change)
    {
        var settings = JsonNode
            .Parse(
                $$"""
                {
                  "provision": "local",
                  "store": { "folder": ".nuke/temp/local/store" },
                  "migrations": { "folder": "migrations", "rehearsal": { "mode": "{{_mode}}" } },
                  "test": { "command": ["echo", "3 passed, 0 failed"] },
                  "release": {
                    "strategy": "command",
                    "deploy": ["sh", "ship.sh", "{release}"],
                    "rollback": ["sh", "ship.sh", "{previous}"],
                    "timeout": "30s"
                  },
                  "health": { "url": "{{Address}}", "timeout": "8s" },
                  "verify": { "requests": ".nuke/environments/critical.hurl" },
                  "approval": "confirm"
                }
                """
            )!
            .AsObject();
        change(settings);
        Write(".nuke/environments/team.json", settings.ToJsonString());
        Write(
            "ship.sh",
            $"""
            set -eu
            echo "shipping $1 in place of $PREVIOUS_RELEASE to $ENVIRONMENT"
            if [ -f .nuke/temp/pid ]; then
              kill "$(cat .nuke/temp/pid)" 2>/dev/null || true
              while kill -0 "$(cat .nuke/temp/pid)" 2>/dev/null; do sleep 0.1; done
            fi
            git worktree add -f --detach ".nuke/temp/$1" "$1" >/dev/null 2>&1 || true
            PORT={_port} APP_VERSION=$1 setsid dotnet ".nuke/temp/$1/app/Slipway.TestApp.dll" >.nuke/temp/app.out 2>&1 &
            echo $! >.nuke/temp/pid
            """
        );
        Commit("team");
    }

    public string Commit(string message)
    {
        Git("add", "-A");
        Git("-c", "user.name=tester", "-c", "user.email=tester@localhost", "commit", "-q", "-m", message);
        return Head;
    }

    /// <summary>The id of the release that a deploy of a clean tree makes.</summary>
    public string Head => Git("rev-parse", "--short=12", "HEAD").Trim();

    public Run Start(params string[] arguments) => Start(null, arguments);

    public Run Start(IReadOnlyDictionary<string, string>? variables, params string[] arguments) =>
        new([BuildScript, .. arguments, "--root", Folder], Folder, variables);

    public async Task<Outcome> RunAsync(params string[] arguments)
    {
        using var run = Start(arguments);
        return await run.EndAsync();
    }

    public Task<Outcome> DeployAsync() => RunAsync("Deploy", "--env", "local");

    /// <summary>Deploys what is there and expects it to work.</summary>
    public async Task<Outcome> DeployWellAsync()
    {
        var outcome = await DeployAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Output);
        return outcome;
    }

    /// <summary>The release that answers its users now.</summary>
    public async Task<string?> LiveAsync()
    {
        var text = await Http.GetStringAsync(new Uri(Address, "/health"), TestContext.Current.CancellationToken);
        return JsonNode.Parse(text)?["version"]?.GetValue<string>();
    }

    /// <summary>Runs a statement in the database, as psql does.</summary>
    public async Task SqlAsync(string sql)
    {
        var server = PathOf(".nuke/temp/local/postgres");
        var token = TestContext.Current.CancellationToken;
        var port = (await File.ReadAllLinesAsync(Path.Combine(server, "data", "postmaster.pid"), token))[3];
        var variables = new Dictionary<string, string>
        {
            ["PGPASSWORD"] = (await File.ReadAllTextAsync(Path.Combine(server, "password"), token)).Trim(),
        };
        using var psql = new Run(["psql", "-h", "127.0.0.1", "-p", port, "-U", "app", "-c", sql], "/", variables);
        var outcome = await psql.EndAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Output);
    }

    public bool IsLocked => File.Exists(PathOf(".nuke/temp/local/store/locks/local.json"));

    public string Lock => File.ReadAllText(PathOf(".nuke/temp/local/store/locks/local.json"));

    public async ValueTask DisposeAsync()
    {
        await RunAsync("LocalReset", "--env", "local");
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Folders([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private string Git(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("git", ["-C", Folder, .. arguments])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}

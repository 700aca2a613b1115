using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Backups.PgBackRest;
using Slipway.Deploys;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Backups.PgBackRest;
using Slipway.Tests.Support;

namespace Slipway.Tests.Deploys;

/// <summary>A project with one environment, whose server is backed up with pgBackRest.</summary>
internal sealed class ServerProject : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly PgBackRestSettings _settings;
    private readonly StringWriter _printed = new();
    private readonly string _section;

    /// <summary>A project of a server.</summary>
    /// <param name="settings">How the server is backed up.</param>
    /// <param name="change">Changes the section of the environment file; null leaves it.</param>
    public ServerProject(PgBackRestSettings settings, Action<JsonObject>? change = null)
    {
        _settings = settings;
        Directory.CreateDirectory(_root["migrations/20260101000000_first"]);
        Directory.CreateDirectory(_root[".nuke/environments"]);
        File.WriteAllText(_root[".gitignore"], ".nuke/temp/\nstore/\n");
        File.WriteAllText(
            _root["migrations/20260101000000_first/migration.sql"],
            "-- slipway: expand\nCREATE TABLE first (id int);\n"
        );
        var section = new JsonObject
        {
            ["stanza"] = settings.Stanza,
            ["dataFolder"] = settings.DataFolder,
            ["repository"] = settings.Repository.Location,
            ["folder"] = settings.Folder,
            ["socketFolder"] = settings.SocketFolder,
        };
        change?.Invoke(section);
        _section = section.ToJsonString(JsonSerializerOptions.Default);
    }

    /// <summary>The store, as the environment file says it; the project's own folder whatever it says.</summary>
    public string Store { get; init; } = """{ "folder": "store" }""";

    /// <summary>What encrypts the repository.</summary>
    public string Key { get; init; } = "";

    /// <summary>True only tells what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>Everything that was printed, and the message and hint of what failed.</summary>
    public string Printed => _printed.ToString();

    /// <summary>Makes it a repository of git, which a deploy needs.</summary>
    public async Task CommitAsync()
    {
        await WriteAsync();
        await Tool.RunAsync("git", "-C", _root.Path, "init", "-q");
        await Tool.RunAsync("git", "-C", _root.Path, "add", "-A");
        string[] who = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
        await Tool.RunAsync("git", ["-C", _root.Path, .. who, "commit", "-q", "-m", "first"]);
    }

    /// <summary>Does something with a chain of its own, and returns what was printed meanwhile.</summary>
    public async Task<string> DoAsync(Func<DeployChain, Task> work)
    {
        _printed.GetStringBuilder().Clear();
        await WriteAsync();
        await using var chain = Chain();
        await work(chain);
        return Printed;
    }

    /// <summary>Does something that must fail.</summary>
    public async Task<SlipwayException> FailAsync(Func<DeployChain, Task> work)
    {
        var failure = await Assert.ThrowsAnyAsync<SlipwayException>(() => DoAsync(work));
        Assert.DoesNotContain(Key, $"{failure}{failure.Hint}{Printed}", StringComparison.Ordinal);
        return failure;
    }

    public void Dispose() => _root.Dispose();

    private Task WriteAsync() =>
        File.WriteAllTextAsync(
            _root[".nuke/environments/test.json"],
            $$"""
            { "store": {{Store}}, "migrations": { "folder": "migrations" },
              "release": { "strategy": "command", "deploy": ["true"] },
              "health": { "url": "http://127.0.0.1:9" },
              "backup": { "pgBackRest": {{_section}} } }
            """,
            TestContext.Current.CancellationToken
        );

    private DeployChain Chain() =>
        new(
            new DeployOptions
            {
                Root = _root.Path,
                Environment = "test",
                Asked = ["test"],
                DryRun = DryRun,
                Variables = new Dictionary<string, string>
                {
                    ["DATABASE_URL"] =
                        $"postgresql://postgres@localhost/postgres?sslmode=disable&host={_settings.SocketFolder}",
                    ["ACCESS_TOKEN_SECRET"] = new('a', 44),
                    ["REFRESH_TOKEN_SECRET"] = new('b', 44),
                    ["CSRF_SECRET"] = new('c', 44),
                    ["BACKUP_ENCRYPTION_ENABLED"] = "true",
                    ["BACKUP_ENCRYPTION_KEY"] = "b25lIHBhc3NwaHJhc2UgZm9yIGR1bXBzIG9ubHkhIQ==",
                    ["BACKUP_REPOSITORY_KEY"] = Key,
                },
                Output = new RunOutput(_printed, interactive: false, TimeProvider.System),
                Input = TextReader.Null,
                OpenStore = _ => new FileStore(_root["store"]),
                Proxy = [],
                Mask = _ => { },
            },
            BackedUpServer.Processes,
            new HttpClientHandler()
        );
}

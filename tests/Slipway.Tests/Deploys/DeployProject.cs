using System.Text.Json.Nodes;
using Slipway.Deploys;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;

namespace Slipway.Tests.Deploys;

/// <summary>A project with one environment, which ships with a command that does nothing.</summary>
/// <param name="database">The address of its database.</param>
internal class DeployProject(string database) : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly StringWriter _printed = new();

    /// <summary>The store, as the environment file says it; the project's own folder whatever it says.</summary>
    public string Store { get; init; } = """{ "folder": "store" }""";

    /// <summary>What encrypts the repository of pgBackRest.</summary>
    public string Key { get; init; } = "";

    /// <summary>True only tells what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>What the next run is for.</summary>
    public DeployIntent Intent { get; set; }

    /// <summary>The folder of the store.</summary>
    public string StoreFolder => _root["store"];

    /// <summary>Everything that was printed by the last run.</summary>
    public string Printed => _printed.ToString();

    /// <summary>The section <c>backup</c> of the environment file.</summary>
    protected JsonObject Backup { get; } = [];

    /// <summary>Adds a migration, or changes it.</summary>
    public void AddMigration(string name, string sql)
    {
        Directory.CreateDirectory(_root[$"migrations/{name}"]);
        File.WriteAllText(_root[$"migrations/{name}/migration.sql"], $"-- slipway: expand\n{sql}\n");
    }

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
        if (Key.Length > 0)
        {
            Assert.DoesNotContain(Key, $"{failure}{failure.Hint}{Printed}", StringComparison.Ordinal);
        }

        return failure;
    }

    public void Dispose() => _root.Dispose();

    private async Task WriteAsync()
    {
        if (!Directory.Exists(_root["migrations"]))
        {
            AddMigration("20260101000000_first", "CREATE TABLE first (id int);");
        }

        Directory.CreateDirectory(_root[".nuke/environments"]);
        await File.WriteAllTextAsync(
            _root[".gitignore"],
            ".nuke/temp/\nstore/\n",
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(
            _root[".nuke/environments/test.json"],
            $$"""
            { "store": {{Store}}, "migrations": { "folder": "migrations" },
              "release": { "strategy": "command", "deploy": ["true"] },
              "health": { "url": "http://127.0.0.1:9" },
              "backup": {{Backup.ToJsonString()}} }
            """,
            TestContext.Current.CancellationToken
        );
    }

    private DeployChain Chain() =>
        new(
            new DeployOptions
            {
                Root = _root.Path,
                Environment = "test",
                Asked = ["test"],
                DryRun = DryRun,
                Intent = Intent,
                Variables = new Dictionary<string, string>
                {
                    ["DATABASE_URL"] = database,
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
            new ProcessRunner(TimeProvider.System),
            new HttpClientHandler()
        );
}

using System.Globalization;
using System.Runtime.CompilerServices;

namespace Slipway.Benchmarks;

/// <summary>A thousand migrations in dbmate's format, by us, by dbmate itself and by psql.</summary>
/// <remarks>
/// Needs PostgreSQL's server programs, git, and npm, which brings dbmate. psql writes no history and sees no lock: it shows what the
/// server itself takes.
/// </remarks>
internal sealed class MigrationBenchmark
{
    private const int Count = 1000;
    private const string Settings = """
        {
          "store": { "folder": ".nuke/temp/store" },
          "migrations": { "folder": "migrations", "rehearsal": { "mode": "off" } },
          "test": { "command": ["true"] },
          "release": { "strategy": "command", "deploy": ["true"], "rollback": ["true"] },
          "health": { "url": "http://127.0.0.1:1" },
          "verify": { "requests": ".nuke/environments/critical.hurl" }
        }
        """;
    private readonly BenchmarkServer _server;
    private readonly string _site;
    private readonly string _dbmate;

    private MigrationBenchmark(BenchmarkServer server, string dbmate) =>
        (_server, _site, _dbmate) = (server, Path.Combine(server.Folder, "site"), dbmate);

    private string Migrations => Path.Combine(_site, "migrations");

    private string Scripts => Path.Combine(_site, "scripts");

    /// <summary>Holds the contests and prints their tables.</summary>
    /// <param name="rounds">How often each takes its turn.</param>
    /// <param name="only"><c>up</c>, <c>psql</c> or <c>status</c>; null for all.</param>
    /// <param name="output">Gets the tables.</param>
    public static async Task RunAsync(int rounds, string? only, TextWriter output)
    {
        await using var server = await BenchmarkServer.StartAsync();
        var benchmark = new MigrationBenchmark(server, await DbmateAsync(server));
        await benchmark.WriteAsync();
        (string Name, Func<Task> RunAsync)[] contests =
        [
            ("up", () => benchmark.UpAsync(rounds, output)),
            ("psql", () => benchmark.PsqlAsync(rounds, output)),
            ("status", () => benchmark.StatusAsync(rounds, output)),
        ];
        foreach (var contest in contests.Where(contest => only is null || only == contest.Name))
        {
            await contest.RunAsync();
        }
    }

    private Contender Ours =>
        new("Slipway: status, lock, apply", [.. Contender.ThisProgram, "migrate-once", _server.Url, Migrations], _site)
        {
            Before = EmptyAsync,
            Server = _server.ProcessId,
        };

    private Contender Dbmate =>
        new("dbmate up", [_dbmate, "--no-dump-schema", "--migrations-dir", Migrations, "up"], _site)
        {
            Variables = Variables,
            Before = EmptyAsync,
            Server = _server.ProcessId,
        };

    private IReadOnlyDictionary<string, string> Variables =>
        new Dictionary<string, string>(_server.Variables) { ["DATABASE_URL"] = _server.Url };

    private async Task UpAsync(int rounds, TextWriter output)
    {
        await new Contest(
            $"{Count} migrations on an empty database",
            [Ours, Dbmate, Build("MigrateDeploy") with { Name = "build.sh MigrateDeploy: checks, backup, all" }]
        ).RunAsync(rounds, output);
        // What both take to start and to look is taken off in the reader's head.
        await new Contest(
            $"The same with {Count} applied and none pending",
            [Ours with { Before = () => Task.CompletedTask }, Dbmate with { Before = () => Task.CompletedTask }]
        ).RunAsync(rounds, output);
    }

    private Task PsqlAsync(int rounds, TextWriter output) =>
        new Contest(
            $"{Count} migrations on an empty database, beside psql, which keeps no history",
            [
                Ours,
                Shell(
                    "psql, one for all",
                    $"set --; for f in {Scripts}/*; do set -- \"$@\" -f $f; done; psql -qX \"$@\""
                ),
                Shell("psql, one for each", $"for f in {Scripts}/*; do psql -qX1 -f $f; done"),
            ]
        ).RunAsync(rounds, output);

    private async Task StatusAsync(int rounds, TextWriter output)
    {
        await EmptyAsync();
        await Dbmate.RunAsync();
        await new Contest(
            $"Status with {Count} applied and none pending",
            [
                Build("MigrateStatus") with
                {
                    Before = () => Task.CompletedTask,
                },
                Dbmate with
                {
                    Name = "dbmate status",
                    Command = [.. Dbmate.Command.SkipLast(1), "status"],
                    Before = () => Task.CompletedTask,
                },
            ]
        ).RunAsync(rounds, output);
    }

    private Contender Build(string target) =>
        new($"build.sh {target}", [Path.Combine(Root(), "build.sh"), target, "--env", "bench", "--root", _site], _site)
        {
            Variables = Variables,
            Before = EmptyAsync,
            Server = _server.ProcessId,
        };

    private Contender Shell(string name, string script) =>
        new(name, ["bash", "-c", $"set -e; {script}"], _site)
        {
            Variables = Variables,
            Before = EmptyAsync,
            Server = _server.ProcessId,
        };

    private async Task EmptyAsync()
    {
        await _server.RunAsync("dropdb", "--if-exists", "--force", "app");
        await _server.RunAsync("createdb", "app");
    }

    // A project with an environment, as whoever adopts Slipway has one.
    private async Task WriteAsync()
    {
        var environments = Directory.CreateDirectory(Path.Combine(_site, ".nuke", "environments")).FullName;
        Directory.CreateDirectory(Migrations);
        Directory.CreateDirectory(Scripts);
        await File.WriteAllTextAsync(Path.Combine(_site, ".gitignore"), ".nuke/temp/\n");
        await File.WriteAllTextAsync(Path.Combine(environments, "critical.hurl"), "GET {{base}}/health\nHTTP 200\n");
        await File.WriteAllTextAsync(Path.Combine(environments, "bench.json"), Settings);
        for (var number = 1; number <= Count; number++)
        {
            var (up, down) = Step(number);
            var name = string.Create(CultureInfo.InvariantCulture, $"{20260101000000 + number}_step_{number}.sql");
            await File.WriteAllTextAsync(
                Path.Combine(Migrations, name),
                $"-- migrate:up\n{up}\n\n-- migrate:down\n{down}\n"
            );
            await File.WriteAllTextAsync(Path.Combine(Scripts, name), $"{up}\n");
        }

        await _server.RunAsync("git", "init", "-q", _site);
        await _server.RunAsync("git", "-C", _site, "add", "-A");
        await _server.RunAsync([
            "git",
            "-C",
            _site,
            "-c",
            "user.name=bench",
            "-c",
            "user.email=bench@localhost",
            "commit",
            "-q",
            "-m",
            "site",
        ]);
    }

    private static (string Up, string Down) Step(int number)
    {
        var table = $"t{(number + 4) / 5}";
        return (number % 5) switch
        {
            1 => (
                $"CREATE TABLE {table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);",
                $"DROP TABLE {table};"
            ),
            2 => (
                $"ALTER TABLE {table} ADD COLUMN born date;\nCOMMENT ON COLUMN {table}.born IS 'a;b';",
                $"ALTER TABLE {table} DROP COLUMN born;"
            ),
            3 => ($"CREATE INDEX {table}_name ON {table} (name);", $"DROP INDEX {table}_name;"),
            4 => ($"INSERT INTO {table} (name) VALUES ('one'), ('two'), ('three');", $"DELETE FROM {table};"),
            _ => (
                $"ALTER TABLE {table} ADD CONSTRAINT {table}_named CHECK (name <> '');",
                $"ALTER TABLE {table} DROP CONSTRAINT {table}_named;"
            ),
        };
    }

    // The program itself, without the script of node's that npm puts before it. Where the tests keep it.
    internal static async Task<string> DbmateAsync(BenchmarkServer server)
    {
        var folder = Path.Combine(Root(), ".nuke", "temp", "tools", "dbmate@2.36.0");
        if (!Directory.Exists(folder))
        {
            await server.RunAsync(
                "npm",
                "install",
                "--no-save",
                "--ignore-scripts",
                "--prefix",
                folder,
                "dbmate@2.36.0"
            );
        }

        return Directory
            .EnumerateFiles(Path.Combine(folder, "node_modules", "@dbmate"), "dbmate", SearchOption.AllDirectories)
            .Single();
    }

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}

namespace Slipway.Benchmarks;

/// <summary>Backups of a database as web applications have them, against the tools that everybody has.</summary>
/// <remarks>
/// Needs PostgreSQL's server programs, <c>zstd</c>, <c>age</c> and <c>pgbackrest</c>; <c>radosgw</c> for the bucket. Our side is
/// this program started again as a peer is.
/// </remarks>
internal sealed class BackupBenchmark
{
    private readonly BenchmarkServer _server;
    private readonly string _folder;
    private readonly string _store;
    private readonly string _key;

    private BackupBenchmark(BenchmarkServer server)
    {
        (_server, _folder) = (server, server.Folder);
        (_store, _key) = (Path.Combine(_folder, "store"), Path.Combine(_folder, "key.txt"));
    }

    private Contender OneStream =>
        Ours("Slipway: zstd, age, sums, into a folder", "backup-once", _store, _server.Url, _key, "1");

    /// <summary>Holds the contests and prints their tables.</summary>
    /// <param name="megabytes">About how large the database is.</param>
    /// <param name="rounds">How often each takes its turn.</param>
    /// <param name="only"><c>dumps</c>, <c>bucket</c>, <c>restores</c> or <c>pgbackrest</c>; null for all.</param>
    /// <param name="output">Gets the tables.</param>
    public static async Task RunAsync(int megabytes, int rounds, string? only, TextWriter output)
    {
        await using var server = await BenchmarkServer.StartAsync();
        await output.WriteLineAsync($"making a database of about {megabytes} MB ...");
        await server.FillAsync(megabytes);
        var benchmark = new BackupBenchmark(server);
        await server.RunAsync(
            "sh",
            "-c",
            $"age-keygen -o {benchmark._key} 2>/dev/null && age-keygen -y {benchmark._key} > {benchmark._key}.pub"
        );
        (string Name, Func<Task> RunAsync)[] contests =
        [
            ("dumps", () => benchmark.DumpsAsync(rounds, output)),
            ("bucket", () => benchmark.BucketAsync(rounds, output)),
            ("restores", () => benchmark.RestoresAsync(rounds, output)),
            ("pgbackrest", () => new PgBackRestBenchmark(server, benchmark.OneStream).RunAsync(rounds, output)),
        ];
        foreach (var contest in contests.Where(contest => only is null || only == contest.Name))
        {
            await contest.RunAsync();
        }
    }

    private async Task DumpsAsync(int rounds, TextWriter output)
    {
        await new Contest(
            "Backup",
            [
                OneStream,
                Shell("pg_dump -Fc -Z0 >/dev/null (the limit)", "pg_dump -Fc -Z0 >/dev/null"),
                Shell(
                    "pg_dump -Fc -Z0 | zstd -1 | age >file",
                    $"set -o pipefail; pg_dump -Fc -Z0 | zstd -q -1 | age -R {_key}.pub >{_folder}/pipe && sync {_folder}/pipe"
                ),
                Shell(
                    "pg_dump -Fc (default, no encryption)",
                    $"pg_dump -Fc >{_folder}/default && sync {_folder}/default"
                ),
            ]
        ).RunAsync(rounds, output);
        await new Contest(
            "Read back to the end",
            [
                Ours("Slipway: level-1 verification", "verify-once", _store, _key) with
                {
                    Before = () => Task.CompletedTask,
                },
                OneStream,
            ]
        ).RunAsync(rounds, output);
        await new Contest(
            "Backup with two streams of one snapshot",
            [
                Ours("Slipway: zstd, age, sums, backup.jobs 2", "backup-once", _store, _server.Url, _key, "2"),
                Shell(
                    "pg_dump -Fd -j2 -Z0 (no encryption)",
                    $"rm -rf {_folder}/dir; pg_dump -Fd -j2 -Z0 -f {_folder}/dir && sync {_folder}/dir/*"
                ),
            ]
        ).RunAsync(rounds, output);
    }

    private async Task BucketAsync(int rounds, TextWriter output)
    {
        if (!BenchmarkGateway.IsInstalled)
        {
            await output.WriteLineAsync("To a bucket: left out, install radosgw ceph-mon ceph-osd");
            return;
        }

        await using var gateway = await BenchmarkGateway.StartAsync(_folder);
        await new Contest(
            "Backup to a bucket (the S3 server works on the same processors)",
            [Ours("Slipway: to S3", "backup-once", gateway.Address.AbsoluteUri, _server.Url, _key, "1"), OneStream]
        ).RunAsync(rounds, output);
    }

    private async Task RestoresAsync(int rounds, TextWriter output)
    {
        var target = _server.Url.Replace("/app?", "/restored?", StringComparison.Ordinal);
        Func<Task> drop = () => _server.RunAsync("dropdb", "--if-exists", "--force", "restored");
        foreach (var jobs in new[] { "1", "2" })
        {
            await EmptyAsync(_store);
            await Ours("", "backup-once", _store, _server.Url, _key, jobs).RunAsync();
            await _server.RunAsync("sh", "-c", $"test -f {_folder}/default || pg_dump -Fc >{_folder}/default");
            await new Contest(
                $"Restore of a backup of {jobs} stream{(jobs == "1" ? "" : "s")}",
                [
                    Ours("Slipway: decrypted, read to the end", "restore-once", _store, target, _key) with
                    {
                        Before = drop,
                    },
                    Shell(
                        "pg_restore -j2 (default pg_dump -Fc)",
                        $"createdb restored && pg_restore -j2 -d restored {_folder}/default"
                    ) with
                    {
                        Before = drop,
                    },
                ]
            ).RunAsync(rounds, output);
        }

        await drop();
    }

    private Contender Ours(string name, params string[] arguments) =>
        new(name, [.. Contender.ThisProgram, .. arguments], _folder)
        {
            Before = () => EmptyAsync(_store),
            Server = _server.ProcessId,
        };

    private Contender Shell(string name, string script) =>
        new(name, ["bash", "-c", script], _folder) { Variables = _server.Variables, Server = _server.ProcessId };

    private static Task EmptyAsync(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Task.CompletedTask;
    }
}

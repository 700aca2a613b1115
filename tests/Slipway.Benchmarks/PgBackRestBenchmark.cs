namespace Slipway.Benchmarks;

/// <summary>What the same server costs with pgBackRest, whose backups are of files: the table beside ours.</summary>
internal sealed class PgBackRestBenchmark(BenchmarkServer server, Contender ours)
{
    private readonly string _folder = Path.Combine(server.Folder, "pgbackrest");

    private string Restored => Path.Combine(_folder, "restored");

    public async Task RunAsync(int rounds, TextWriter output)
    {
        await PrepareAsync();
        var full = Shell("pgbackrest full, zstd 3, AES, 2 processes", "backup --type=full");
        await new Contest("Backup of a whole server", [ours, full]).RunAsync(rounds, output);
        await new Contest(
            "Incremental backup, nothing changed",
            [ours, Shell("pgbackrest incr", "backup --type=incr")]
        ).RunAsync(rounds, output);
        await new Contest(
            "Restore of files (recovery comes on top)",
            [
                Shell("pgbackrest restore, empty folder", $"restore --pg1-path={Restored}") with
                {
                    Before = EmptyAsync,
                },
                Shell("pgbackrest restore --delta, nothing changed", $"restore --delta --pg1-path={Restored}"),
            ]
        ).RunAsync(rounds, output);
    }

    private async Task PrepareAsync()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "pgbackrest.conf"),
            $"""
            [global]
            repo1-path={_folder}/repo
            repo1-cipher-type=aes-256-cbc
            repo1-cipher-pass=benchmark-benchmark-benchmark-benchmark
            repo1-retention-full=2
            compress-type=zst
            compress-level=3
            process-max=2
            log-path={_folder}
            lock-path={_folder}/lock
            log-level-console=error
            start-fast=y
            archive-check=n
            [bench]
            pg1-path={server.Data}
            pg1-port={server.Port}
            pg1-host-user=postgres
            pg1-user=postgres
            pg1-socket-path=/tmp

            """
        );
        await server.RunAsync("sh", "-c", $"chown -R postgres {_folder} && chmod 750 {_folder}");
        await server.ServerAsync("pgbackrest", Words("stanza-create"));
    }

    private async Task EmptyAsync()
    {
        await server.RunAsync("rm", "-rf", Restored);
        await server.RunAsync("install", "-d", "-m", "700", "-o", "postgres", Restored);
    }

    private Contender Shell(string name, string command) =>
        new(name, [.. BenchmarkServer.AsServer, "pgbackrest", .. Words(command)], _folder)
        {
            Server = server.ProcessId,
        };

    private string[] Words(string command) =>
        [$"--config={_folder}/pgbackrest.conf", "--stanza=bench", .. command.Split(' ')];
}

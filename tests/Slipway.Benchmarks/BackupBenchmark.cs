namespace Slipway.Benchmarks;

/// <summary>Backups of a database as web applications have them, against the tools that everybody has.</summary>
/// <remarks>Needs PostgreSQL's server programs, <c>zstd</c> and <c>age</c>. Our side is this program started again as a peer is.</remarks>
internal static class BackupBenchmark
{
    public static async Task RunAsync(int megabytes, int rounds, TextWriter output)
    {
        await using var server = await BenchmarkServer.StartAsync();
        await output.WriteLineAsync($"making a database of about {megabytes} MB ...");
        await server.FillAsync(megabytes);
        var folder = server.Folder;
        var store = Path.Combine(folder, "store");
        var key = Path.Combine(folder, "key.txt");
        await server.RunAsync("sh", "-c", $"age-keygen -o {key} 2>/dev/null && age-keygen -y {key} > {key}.pub");
        Contender[] contenders =
        [
            new("Slipway: zstd, age, sums, into a folder", [.. Self(), "backup-once", store, server.Url, key], folder)
            {
                Before = () => Empty(store),
                Server = server.ProcessId,
            },
            Shell("pg_dump -Fc -Z0 >/dev/null (the limit)", "pg_dump -Fc -Z0 >/dev/null"),
            Shell(
                "pg_dump -Fc -Z0 | zstd -1 | age >file",
                $"set -o pipefail; pg_dump -Fc -Z0 | zstd -q -1 | age -R {key}.pub >{folder}/pipe && sync {folder}/pipe"
            ),
            Shell("pg_dump -Fd -j2 -Z0 (no encryption)", $"rm -rf {folder}/dir; pg_dump -Fd -j2 -Z0 -f {folder}/dir"),
            Shell("pg_dump -Fc (default, no encryption)", $"pg_dump -Fc >{folder}/default && sync {folder}/default"),
        ];
        await new Contest("Backup", contenders).RunAsync(rounds, output);
        await new Contest(
            "Read back to the end",
            [
                new("Slipway: level-1 verification", [.. Self(), "verify-once", store, server.Url, key], folder),
                contenders[0],
            ]
        ).RunAsync(rounds, output);

        Contender Shell(string name, string script) =>
            new(name, ["bash", "-c", script], folder) { Variables = server.Variables, Server = server.ProcessId };
    }

    private static IReadOnlyList<string> Self() => [Environment.ProcessPath!, .. Entry()];

    // Started through dotnet, the program is its first argument.
    private static IEnumerable<string> Entry() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet"
            ? [typeof(BackupBenchmark).Assembly.Location]
            : [];

    private static void Empty(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

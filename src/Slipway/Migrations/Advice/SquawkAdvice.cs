using System.Text.Json;
using Slipway.Processes;

namespace Slipway.Migrations.Advice;

/// <summary>
/// Asks squawk (https://squawkhq.com) about the migrations that are pending, where it is installed. It reads and does not run:
/// what it says is advice and blocks nothing.
/// </summary>
/// <param name="processes">Starts it.</param>
/// <param name="program">Where it is; null when it is not installed.</param>
internal sealed class SquawkAdvice(IProcessRunner processes, string? program)
{
    // Rules of taste, and rules about what the migrator itself takes care of: timeouts, and what runs outside a transaction.
    private static readonly string[] Off =
    [
        "prefer-robust-stmts",
        "prefer-bigint-over-int",
        "prefer-bigint-over-smallint",
        "prefer-identity",
        "prefer-repack",
        "prefer-text-field",
        "prefer-timestamp-tz",
        "require-lock-timeout",
        "require-statement-timeout",
        "ban-concurrent-index-creation-in-transaction",
    ];

    /// <summary>What it says; nothing when it is not installed, and one line when it could not be asked.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(
        IReadOnlyList<Migration> pending,
        CancellationToken cancellationToken
    )
    {
        if (pending.Count == 0 || program is null)
        {
            return [];
        }

        // Files of their own, because some formats keep what undoes a migration in the same file.
        var folder = Directory.CreateTempSubdirectory("slipway-squawk-");
        try
        {
            return await AskAsync(program, pending, folder.FullName, cancellationToken);
        }
        catch (CommandFailedException exception)
        {
            return [$"squawk could not be asked: {exception.Message.Split('\n')[0]}"];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Reads its answer.</summary>
    public static IReadOnlyList<string> Read(string json) =>
        [
            .. (JsonSerializer.Deserialize(json, SquawkJson.Default.IReadOnlyListSquawkFinding) ?? []).Select(finding =>
                finding.ToString()
            ),
        ];

    private async Task<IReadOnlyList<string>> AskAsync(
        string squawk,
        IReadOnlyList<Migration> pending,
        string folder,
        CancellationToken cancellationToken
    )
    {
        foreach (var migration in pending)
        {
            var path = Path.Combine(folder, migration.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder);
            await File.WriteAllTextAsync(path, migration.Sql, cancellationToken);
        }

        var command = Command.Of(
            squawk,
            ["--reporter", "json", $"--exclude={string.Join(',', Off)}", .. pending.Select(found => found.Path)]
        ) with
        {
            Folder = folder,
            Timeout = TimeSpan.FromSeconds(30),
        };
        var result = await processes.RunAsync(command, null, cancellationToken);
        try
        {
            return Read(result.Output);
        }
        catch (JsonException)
        {
            return
            [
                $"squawk could not be asked: it ended with {result.ExitCode}: {(result.Error + result.Output).Trim().Split('\n')[0]}",
            ];
        }
    }
}

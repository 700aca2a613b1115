using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>Backs up a whole server with pgBackRest, and restores it to any point in time.</summary>
public sealed partial class PgBackRestEngine(PgBackRestSettings settings, IProcessRunner processes)
{
    private const string Progress = "--log-level-console=info";
    private readonly PgBackRestProgram _program = new(settings, processes);
    private readonly ServerFolder _files = new(processes);

    /// <summary>What it works with.</summary>
    public PgBackRestSettings Settings { get; } = settings;

    /// <summary>Writes the configuration; every other operation does it too.</summary>
    /// <exception cref="SlipwayException">pgBackRest is missing, or settings are wrong.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => _program.PrepareAsync(cancellationToken);

    /// <summary>Makes the repository know the server; nothing happens when it does.</summary>
    public Task CreateStanzaAsync(CancellationToken cancellationToken) =>
        _program.RunAsync("stanza-create", [], null, cancellationToken);

    /// <summary>Archives a segment of write-ahead log and looks whether it arrives.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        _program.RunAsync("check", [], null, cancellationToken);

    /// <summary>Takes a backup; the first one is full whatever was asked for. Nothing older is removed.</summary>
    /// <param name="type">What it copies.</param>
    /// <param name="line">Gets pgBackRest's lines as they come; null when nobody watches.</param>
    /// <param name="cancellationToken">Stops it; the next backup cleans up what is left.</param>
    /// <exception cref="PgBackRestException">It failed, or the database has damaged pages.</exception>
    public async Task<PgBackRestBackup> BackupAsync(
        BackupType type,
        Action<string>? line,
        CancellationToken cancellationToken
    )
    {
        var result = await _program.RunAsync("backup", [Progress, $"--type={Word(type)}"], line, cancellationToken);
        var label = LabelPattern().Match(result.Output) is { Success: true } match ? match.Groups["label"].Value : null;
        var info = await InfoAsync(cancellationToken);
        var backup =
            info.Backups.FirstOrDefault(backup => backup.Label == label)
            ?? throw Failure(
                "backup",
                $"it said success, but backup {label ?? "(none named)"} is not in the repository",
                "no backup was taken; look into the log"
            );
        return !backup.HasDamagedPages
            ? backup
            : throw Failure(
                "backup",
                $"backup {label} holds pages with wrong checksums: the database itself is damaged",
                "keep all older backups, and look with pg_amcheck and pg_checksums which tables are concerned"
            );
    }

    /// <summary>What the repository holds.</summary>
    /// <exception cref="PgBackRestException">The repository cannot be read.</exception>
    public async Task<PgBackRestInfo> InfoAsync(CancellationToken cancellationToken)
    {
        var result = await _program.RunAsync("info", ["--output=json"], null, cancellationToken);
        return InfoReader.Read(Settings, result.Output);
    }

    /// <summary>Reads every byte of the repository and looks for missing write-ahead log.</summary>
    /// <returns>What was found; see whether it is good.</returns>
    /// <exception cref="PgBackRestException">It could not be read.</exception>
    public async Task<VerifyReport> VerifyAsync(CancellationToken cancellationToken)
    {
        var info = await InfoAsync(cancellationToken);
        var verify = await _program.RunAsync(
            "verify",
            ["--output=text", "--verbose", "--log-level-console=off"],
            null,
            cancellationToken
        );
        var report = VerifyReader.Read(
            Settings.Stanza,
            [.. info.Backups.Select(backup => backup.Label)],
            verify.Output
        );
        if (!info.HasStanza)
        {
            return report;
        }

        var list = await _program.RunAsync(
            "repo-ls",
            [$"archive/{Settings.Stanza}", "--recurse", "--output=json"],
            null,
            cancellationToken
        );
        try
        {
            return WalInventory.Judge(report, info, WalInventory.Names(list.Output), Settings.SegmentBytes);
        }
        catch (JsonException exception)
        {
            return report with
            {
                Problems = [.. report.Problems, $"the archive cannot be listed: {exception.Message}"],
            };
        }
    }

    /// <summary>Restores files; the server that is then started on them recovers to the target by itself.</summary>
    /// <returns>The backup it began with.</returns>
    /// <exception cref="PgBackRestException">It failed; the folder must not be used.</exception>
    public async Task<PgBackRestBackup> RestoreAsync(
        RestoreRequest request,
        Action<string>? line,
        CancellationToken cancellationToken
    )
    {
        // pgBackRest begins with the latest backup when none fits, and then recovery fails late.
        var backup = BackupChoice.For(Settings, await InfoAsync(cancellationToken), request.Target, request.Label);
        await _files.CreateAsync(request.Folder, cancellationToken);
        List<string> options =
        [
            Progress,
            $"--set={backup.Label}",
            $"--pg1-path={request.Folder}",
            .. request.Target.Options(),
        ];
        if (request.Delta)
        {
            options.Add("--delta");
        }

        if (request.IsCopy)
        {
            options.AddRange(["--archive-mode=off", $"--tablespace-map-all={request.TablespaceFolder}"]);
            await _files.CreateAsync(request.TablespaceFolder, cancellationToken);
        }

        await _program.RunAsync("restore", options, line, cancellationToken);
        if (request.IsCopy && !Directory.EnumerateFileSystemEntries(request.TablespaceFolder).Any())
        {
            Directory.Delete(request.TablespaceFolder);
        }

        return backup;
    }

    /// <summary>Removes backups and write-ahead log beyond what is to be kept.</summary>
    /// <param name="isDryRun">True only tells what would be removed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Labels of the backups that were, or would be, removed.</returns>
    public async Task<IReadOnlyList<string>> ExpireAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> options = isDryRun ? [Progress, "--dry-run"] : [Progress];
        var result = await _program.RunAsync("expire", options, null, cancellationToken);
        return [.. RemovedPattern().Matches(result.Output).Select(match => match.Groups["label"].Value)];
    }

    /// <summary>Refuses all further work on this stanza, archiving too, until it is started again.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _program.RunAsync("stop", [], null, cancellationToken);

    /// <summary>Allows work again; nothing happens when it was allowed.</summary>
    public Task StartAsync(CancellationToken cancellationToken) =>
        _program.RunAsync("start", [], null, cancellationToken);

    private PgBackRestException Failure(string operation, string what, string hint) =>
        new(operation, Settings.Stanza, 0, what, hint);

    private static string Word(BackupType type) =>
        type switch
        {
            BackupType.Full => "full",
            BackupType.Differential => "diff",
            _ => "incr",
        };

    [GeneratedRegex(
        @"new backup label = (?<label>\S+)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex LabelPattern();

    [GeneratedRegex(
        @"remove expired backup (?<label>\S+)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex RemovedPattern();
}

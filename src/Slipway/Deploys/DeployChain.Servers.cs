using System.Text.RegularExpressions;
using Slipway.Backups;
using Slipway.Backups.PgBackRest;
using Slipway.Backups.Status;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private const string PgBackRest = "pgbackrest";
    private const string Untouched = "the server and the repository are as they were";

    /// <summary>Sets backups of the whole server up, as far as they can be from here, and says what else is to be done.</summary>
    /// <exception cref="SlipwayException">Something is missing, or the server does not archive yet.</exception>
    public async Task BackupSetupAsync(CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var engine = Servers(parts).Engine;
        var settings = engine.Settings;
        if (options.DryRun)
        {
            Output.Line(
                $"  would write {settings.ConfigurationFile}, make {settings.Stanza} known in {settings.Repository.Location}, and see that a segment of write-ahead log arrives there"
            );
            return;
        }

        RefuseElsewhere(settings);
        await ToldAsync(Next("BackupSetup"), "nothing of the server was changed", SetUpAsync);
        Output.Line($"  take the first backup: ./build.sh Backup --env {options.Environment} --type full");

        async Task SetUpAsync()
        {
            await engine.PrepareAsync(cancellationToken);
            Output.Line($"  ✓ {settings.ConfigurationFile} is in force");
            await engine.CreateStanzaAsync(cancellationToken);
            Output.Line($"  ✓ {settings.Repository.Location} knows the server as {settings.Stanza}");
            await CheckArchivingAsync(parts, settings, cancellationToken);
            await engine.CheckAsync(cancellationToken);
            Output.Line("  ✓ a segment of write-ahead log was archived and is in the repository");
            await WarnOfBlindnessAsync(cancellationToken);
        }
    }

    // An alarm that cannot look is none.
    private async Task WarnOfBlindnessAsync(CancellationToken cancellationToken)
    {
        var status = new ServerBackupStatus(Servers(Parts), Parts.Environment.Database.Url);
        var facts = await status.ObserveAsync(cancellationToken);
        if (facts.Archive is null)
        {
            Output.Warn($"BackupStatus cannot see how archiving does, {facts.ArchiveProblem} → {facts.ArchiveRemedy}");
        }
    }

    // Before a deploy touches anything: its backup of the server would only fail later.
    private async Task CheckServerAsync(DeployParts parts, CancellationToken cancellationToken)
    {
        if (parts.Servers is not { Engine: var engine } || !parts.Environment.Backup.Enabled)
        {
            return;
        }

        await ToldAsync(Next("Deploy"), "nothing was touched", CheckAsync);

        async Task CheckAsync()
        {
            RefuseElsewhere(engine.Settings);
            await CheckArchivingAsync(parts, engine.Settings, cancellationToken);
            // Asking the repository writes the configuration, which a dry run must not.
            if (!options.DryRun)
            {
                await RefuseUnknownAsync(engine, cancellationToken);
            }
        }
    }

    private static async Task CheckArchivingAsync(
        DeployParts parts,
        PgBackRestSettings settings,
        CancellationToken cancellationToken
    )
    {
        var now = await ArchiveSetup.ReadAsync(parts.Environment.Database.Url, cancellationToken);
        if (new ArchiveSetup(settings).Compare(now) is { Count: > 0 } differences)
        {
            throw new SetupReport(differences).Refuse(parts.Environment.Name);
        }
    }

    private async Task RefuseUnknownAsync(PgBackRestEngine engine, CancellationToken cancellationToken)
    {
        if (!(await engine.InfoAsync(cancellationToken)).HasStanza)
        {
            throw new SlipwayException(
                $"The repository {engine.Settings.Repository.Location} knows no server {engine.Settings.Stanza}",
                $"set it up: ./build.sh BackupSetup --env {options.Environment}",
                ExitCode.Refused
            );
        }
    }

    private void RefuseElsewhere(PgBackRestSettings settings)
    {
        if (!Directory.Exists(settings.DataFolder))
        {
            throw new SlipwayException(
                $"The server's data folder {settings.DataFolder} is not on this machine, or closed to this user; pgBackRest copies files, so it runs where the server runs",
                $"run it there as root or as the server's user, or mend backup.pgBackRest.dataFolder (SHOW data_directory), then: ./build.sh BackupSetup --env {options.Environment}",
                ExitCode.Refused
            );
        }
    }

    private async Task BackUpServerAsync(string? type, CancellationToken cancellationToken)
    {
        var kind = TypeOf(type);
        var servers = Servers(await OpenAsync(cancellationToken));
        await OperateAsync(
            "Backup",
            (_, token) => BackUpServerAsync(servers, kind, Next("Backup", $"--type {type ?? "incr"}"), token),
            $"copy the server of {options.Environment} to {servers.Engine.Settings.Repository.Location}: {BackupList.Purpose(kind)}",
            locks: false,
            cancellationToken
        );
    }

    private async Task<StepReport> BackUpServerAsync(
        ServerBackups servers,
        BackupType type,
        string next,
        CancellationToken cancellationToken
    )
    {
        PgBackRestBackup? taken = null;
        await ToldAsync(
            next,
            "no backup of the server was taken, older ones are as they were",
            async () =>
            {
                RefuseElsewhere(servers.Engine.Settings);
                await CheckArchivingAsync(Parts, servers.Engine.Settings, cancellationToken);
                await RefuseUnknownAsync(servers.Engine, cancellationToken);
                taken = await servers.BackupAsync(type, cancellationToken);
            }
        );
        return Reported(taken!, servers.Engine.Settings);
    }

    private static StepReport Reported(PgBackRestBackup backup, PgBackRestSettings settings) =>
        StepReport.Done(
            $"server {backup.Label}, {RunOutput.Bytes(backup.CopiedBytes)} of {RunOutput.Bytes(backup.DatabaseBytes)} copied, "
                + $"{RunOutput.Bytes(backup.AddedBytes)} stored, {(settings.Passphrase is null ? "NOT encrypted" : "encrypted")}",
            new("server backup", backup.Label),
            new("server backup type", $"{backup.Type}"),
            new("server copied", $"{backup.CopiedBytes}"),
            new("server stored", $"{backup.AddedBytes}"),
            new("server position", $"{backup.StopLsn}")
        );

    /// <summary>The step with a backup of the whole server behind the dump, where there is one.</summary>
    private async Task<StepReport> WithServerAsync(StepReport dump, CancellationToken cancellationToken)
    {
        if (Parts.Servers is not { } servers)
        {
            return dump;
        }

        var report = await BackUpServerAsync(servers, BackupType.Incremental, Next("Deploy"), cancellationToken);
        return StepReport.Done($"{dump.Summary}; {report.Summary}", [.. dump.Evidence, .. report.Evidence]);
    }

    private async Task<string> LabelAsync(ServerBackups servers, string id, CancellationToken cancellationToken)
    {
        var labels = (await servers.ListAsync(cancellationToken)).Select(backup => backup.Label).ToList();
        List<string> found =
        [
            .. labels.Contains(id, StringComparer.Ordinal)
                ? [id]
                : labels.Where(label => label.StartsWith(id, StringComparison.Ordinal)),
        ];
        return found is [var one]
            ? one
            : throw new SlipwayException(
                $"{(found.Count > 1 ? $"{found.Count} backups of the server begin" : "No backup of the server begins")} with {id}",
                $"look which there are: ./build.sh Backups --env {options.Environment}",
                ExitCode.BadInput
            );
    }

    private ServerBackups Servers(DeployParts parts) =>
        parts.Servers
        ?? throw new SlipwayException(
            $"Environment {options.Environment} does not back its server up with pgBackRest",
            $"write a section backup.pgBackRest into .nuke/environments/{options.Environment}.json, then: ./build.sh BackupSetup --env {options.Environment}",
            ExitCode.BadInput
        );

    private static bool IsLabel(string? id) => id is not null && LabelPattern().IsMatch(id);

    private static bool IsOfServer(string? engine, string because, bool isImplied) =>
        engine switch
        {
            null => isImplied,
            PgBackRest => true,
            "dump" when isImplied => throw new SlipwayException(
                $"{because} is of pgBackRest, and --engine says dump",
                "remove one of the two",
                ExitCode.BadInput
            ),
            "dump" => false,
            _ => throw new SlipwayException(
                $"--engine {engine} is not known",
                NearestName.Remedy(engine, ["dump", PgBackRest]),
                ExitCode.BadInput
            ),
        };

    private static BackupType TypeOf(string? type) =>
        type switch
        {
            "full" => BackupType.Full,
            "diff" => BackupType.Differential,
            null or "incr" => BackupType.Incremental,
            _ => throw new SlipwayException(
                $"--type {type} is not known",
                NearestName.Remedy(type, ["full", "diff", "incr"]),
                ExitCode.BadInput
            ),
        };

    private static Task ToldAsync(string next, string state, Func<Task> work) => ToldAsync(next, () => state, work);

    // The engine knows nothing of environments and targets: a person gets the state and the next command with its words.
    private static async Task ToldAsync(string next, Func<string> state, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (SlipwayException exception)
        {
            var apart = exception.Message.Contains('\n', StringComparison.Ordinal) ? "\n  " : "; ";
            var hint = exception.Hint.Contains("./build.sh", StringComparison.Ordinal)
                ? exception.Hint
                : $"{exception.Hint}; then: {next}";
            throw new SlipwayException($"{exception.Message}{apart}{state()}", hint, exception.ExitCode, exception);
        }
    }

    private string Next(string target, string options = "") =>
        $"./build.sh {target} --env {Parts.Environment.Name}{(options.Length == 0 ? "" : $" {options}")}";

    [GeneratedRegex(@"^\d{8}-\d{6}F", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LabelPattern();
}

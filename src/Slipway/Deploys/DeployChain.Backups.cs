using Slipway.Backups;
using Slipway.Backups.Age;
using Slipway.Backups.Copying;
using Slipway.Backups.Restoring;
using Slipway.Backups.Retention;
using Slipway.Backups.Status;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private const string FormerKey = "BACKUP_ENCRYPTION_FORMER_KEY";

    /// <summary>Takes a backup apart from a deploy, and reads it back to its end.</summary>
    /// <param name="engine"><c>dump</c> or <c>pgbackrest</c>; null for what the type asks for.</param>
    /// <param name="type">What pgBackRest copies: <c>full</c>, <c>diff</c> or <c>incr</c>; null for a dump, or incr.</param>
    /// <param name="cancellationToken">Stops; nothing of it counts as a backup.</param>
    public Task BackupAsync(string? engine, string? type, CancellationToken cancellationToken) =>
        IsOfServer(engine, "--type", type is not null)
            ? BackUpServerAsync(type, cancellationToken)
            : OperateAsync(
                "Backup",
                async (run, token) => Reported(await BackUpAsync(run, "by itself", token)),
                $"back up {options.Environment}",
                locks: false,
                cancellationToken
            );

    /// <summary>Prints the backups.</summary>
    public async Task BackupsAsync(bool json, CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var listing = new BackupListing(parts.Backups, Output) { Servers = parts.Servers };
        await ToldAsync(
            Next("Backups"),
            "the backups of the server are not listed",
            () => listing.RunAsync(json, cancellationToken)
        );
    }

    /// <summary>Verifies a backup: reads it to its end, or restores it to a scratch database and compares.</summary>
    /// <param name="id">The backup, or the beginning of its id; null for the newest.</param>
    /// <param name="level">How.</param>
    /// <param name="engine"><c>dump</c> or <c>pgbackrest</c>; null for what the id is of.</param>
    /// <param name="cancellationToken">Stops, and drops the scratch database.</param>
    /// <exception cref="SlipwayException">It is not what was written, or cannot be looked at here.</exception>
    public async Task BackupVerifyAsync(
        string? id,
        VerificationLevel level,
        string? engine,
        CancellationToken cancellationToken
    )
    {
        var parts = await OpenAsync(cancellationToken);
        if (IsOfServer(engine, "--backup", IsLabel(id)))
        {
            await VerifyServerAsync(id, level, cancellationToken);
            return;
        }

        var manifest = await FindAsync(id, cancellationToken);
        if (options.DryRun)
        {
            Output.Line($"  would verify backup {manifest.Id}: {level}");
            return;
        }

        var verification =
            level is VerificationLevel.ReadBack
                ? await parts.Verifier.VerifyAsync(manifest, cancellationToken)
                : await new RestoreVerifier(Restorer(forScratch: true), parts.Backups).VerifyAsync(
                    manifest,
                    parts.Environment.Database.Url,
                    cancellationToken
                );
        if (verification.UncheckedIndexes is { } why)
        {
            Output.Line($"  The inside of the indexes was not checked: {why}");
        }

        var done = level is VerificationLevel.ReadBack ? "read back to its end" : "restored and compared";
        Output.Line($"  ✓ backup {manifest.Id} was {done} in {RunOutput.Duration(verification.Duration)}");
    }

    /// <summary>Restores a backup to a new database, or replaces the live one by it.</summary>
    /// <param name="id">The backup, or the beginning of its id; null for the newest that was verified.</param>
    /// <param name="to">The database to make; null to replace the live one.</param>
    /// <param name="onlyTable">The one table that is wanted, as <c>schema.table</c>; null for everything.</param>
    /// <param name="at">The point to go back to, which pgBackRest knows the way to; null for what a dump holds.</param>
    /// <param name="cancellationToken">Stops; the live database stays what it is.</param>
    /// <exception cref="SlipwayException">It was not restored; says which database is live.</exception>
    public async Task RestoreAsync(
        string? id,
        string? to,
        string? onlyTable,
        string? at,
        CancellationToken cancellationToken
    )
    {
        var live = (await OpenAsync(cancellationToken)).Environment.Database.Url;
        if (live.Database.Equals(to, StringComparison.Ordinal))
        {
            throw new SlipwayException(
                $"--to {to} is the live database, and a restore never writes into it; nothing was made or changed",
                $"restore beside it, and never drop it for this: ./build.sh Restore --env {options.Environment} --to NEW_DATABASE; "
                    + "without --to a dump takes its place once it is restored and compared",
                ExitCode.Refused
            );
        }

        if (at is not null || IsLabel(id))
        {
            await RestoreServerAsync(id, at, to, onlyTable, cancellationToken);
            return;
        }

        if (to is null && onlyTable is not null)
        {
            throw new SlipwayException(
                $"Table {onlyTable} alone cannot replace a database",
                $"restore it beside, and copy what you need: ./build.sh Restore --env {options.Environment} --only-table {onlyTable} --to NEW_DATABASE",
                ExitCode.BadInput
            );
        }

        var manifest = await FindAsync(id, cancellationToken);
        await OperateAsync(
            "Restore",
            (_, token) =>
                to is null ? ReplaceAsync(manifest, live, token) : BesideAsync(manifest, live, to, onlyTable, token),
            $"restore backup {manifest.Id} {(to is null ? $"in place of database {live.Database}" : $"to a new database {to}")}",
            locks: true,
            cancellationToken
        );
    }

    /// <summary>Brings a restore that was interrupted to an end.</summary>
    public async Task FinishRestoreAsync(CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var run = new RestoreRun(Restorer(forScratch: false), Confirmation().AskAsync);
        var state = await run.FinishAsync(parts.Environment.Database.Url, parts.Environment.Name, cancellationToken);
        if (state is null)
        {
            Output.Line("  no restore was interrupted");
        }
    }

    /// <summary>Removes what the retention no longer keeps; a dry run prints the same plan.</summary>
    public async Task<ExitCode> BackupPruneAsync(CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var verified = (await parts.Book.ReadAsync(cancellationToken)).LastOrDefault(entry =>
            entry.State == ReleaseState.Verified
        );
        var policy = RetentionPolicy.Of(parts.Environment.Backup);
        var dumps = await new BackupPrune(parts.Store, parts.Backups, policy, Output).RunAsync(
            options.DryRun,
            verified?.Run,
            cancellationToken
        );
        var servers = await PruneServerAsync(cancellationToken);
        return dumps is ExitCode.Done ? servers : dumps;
    }

    /// <summary>Says how it stands with the backups.</summary>
    /// <param name="json">True prints JSON.</param>
    /// <param name="metrics">Path of a text file for Prometheus; null writes none.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<ExitCode> BackupStatusAsync(bool json, string? metrics, CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var check = new BackupStatusCheck(
            parts.Store,
            parts.Backups,
            parts.Environment.Backup,
            parts.BackupOptions,
            Output
        )
        {
            Server = parts.Servers is null ? null : new(parts.Servers, parts.Environment.Database.Url),
        };
        return await check.RunAsync(json, metrics, cancellationToken);
    }

    /// <summary>The settings in force.</summary>
    public async Task<DeploymentEnvironment> EnvironmentAsync(CancellationToken cancellationToken) =>
        (await OpenAsync(cancellationToken)).Environment;

    /// <summary>Copies backups to another folder, or gives them to the current keys.</summary>
    /// <param name="id">One backup; null for all.</param>
    /// <param name="to">The folder; null to give them to the current keys.</param>
    /// <param name="cancellationToken">Stops; started again it goes on.</param>
    public async Task<ExitCode> BackupCopyAsync(string? id, string? to, CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var copy = new BackupCopy(parts.Store, parts.Backups, Output);
        if (options.DryRun)
        {
            Output.Line(
                $"  would {(to is null ? "give the backups to the current keys" : $"copy the backups to {to}")}"
            );
            return ExitCode.Done;
        }

        return to is null
            ? await copy.RewrapAsync(parts.BackupOptions, Former(), id, cancellationToken)
            : await copy.ToAsync(new Storage.FileStore(Path.GetFullPath(to, options.Root)), id, cancellationToken);
    }

    // The key that older backups were written for, while they are being given to the new one.
    private BackupKey? Former()
    {
        if (options.Variables.GetValueOrDefault(FormerKey) is not { Length: > 0 } text)
        {
            return null;
        }

        options.Mask(text);
        return BackupKey.TryParse(FormerKey, new Secret(text), out var key, out var problem)
            ? key
            : throw new SettingsException(options.Environment, [problem]);
    }

    private async Task<StepReport> ReplaceAsync(
        BackupManifest manifest,
        DatabaseUrl live,
        CancellationToken cancellationToken
    )
    {
        var environment = Parts.Environment;
        var outcome = await new RestoreRun(Restorer(forScratch: false), Confirmation().AskAsync).RunAsync(
            new(manifest, live, environment.Name, environment.ApprovalRequired),
            cancellationToken
        );
        return new(
            StepOutcome.Succeeded,
            $"database {outcome.Database} is the one of backup {outcome.Backup}; the one before is {outcome.Replaced}",
            outcome.Evidence
        );
    }

    private async Task<StepReport> BesideAsync(
        BackupManifest manifest,
        DatabaseUrl live,
        string to,
        string? onlyTable,
        CancellationToken cancellationToken
    )
    {
        var restored = await Restorer(forScratch: false)
            .RestoreAsync(manifest, live with { Database = to }, onlyTable, cancellationToken);
        return StepReport.Done(
            $"backup {manifest.Id} is in database {to} after {RunOutput.Duration(restored.Duration)}",
            new("backup", manifest.Id),
            new("database", to)
        );
    }

    private DatabaseRestorer Restorer(bool forScratch) =>
        new(Parts.Store, Parts.BackupOptions, new() { DoesWithoutRoles = forScratch }, processes, Output);

    private RestoreConfirmation Confirmation() => new(Output, options.Input, options.CanAsk);

    // Without an id the newest that was verified, or the newest when none was.
    private async Task<BackupManifest> FindAsync(string? id, CancellationToken cancellationToken)
    {
        var backups = await (await OpenAsync(cancellationToken)).Backups.ListAsync(cancellationToken);
        List<StoredBackup> found =
        [
            .. id is not null ? backups.Where(backup => backup.Id.StartsWith(id, StringComparison.Ordinal))
            : backups.Any(backup => backup.IsVerified) ? backups.Where(backup => backup.IsVerified).TakeLast(1)
            : backups.TakeLast(1),
        ];
        if (id is null && found is [var chosen] && chosen != backups[^1])
        {
            var why = backups[^1].Verifications is [.., { Problem: { } problem }] ? problem : "it was never read back";
            Output.Warn(
                $"the newest backup {backups[^1].Id} is passed over ({why}); the newest verified one is {chosen.Id} → "
                    + $"look at all: ./build.sh Backups --env {options.Environment}"
            );
        }

        return found is [var one]
            ? one.Manifest
            : throw new SlipwayException(
                backups.Count == 0
                    ? $"Environment {options.Environment} has no backup in {Parts.Store.Location}"
                    : $"{(found.Count > 1 ? $"{found.Count} backups begin" : "No backup begins")} with {id}",
                $"look which there are: ./build.sh Backups --env {options.Environment}",
                ExitCode.BadInput
            );
    }
}

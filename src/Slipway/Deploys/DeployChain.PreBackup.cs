using Slipway.Backups;
using Slipway.Runs;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private static readonly TimeSpan FreshEnough = TimeSpan.FromMinutes(30);

    /// <summary>Backs the database up and reads the backup back to its end.</summary>
    public async Task<StepReport> PreBackupAsync(CancellationToken cancellationToken)
    {
        _state.Stage = Stage.PreBackup;
        var parts = Parts;
        if (options.DryRun)
        {
            return StepReport.WouldDo(
                $"back up {parts.Environment.Database.Url} to {parts.Store.Location}{(parts.Servers is null ? "" : ", and its server with pgBackRest")}"
            );
        }

        if (!parts.Environment.Backup.Enabled)
        {
            return new(StepOutcome.Skipped, "BACKUP_ENABLED is false: somebody else takes the backups", []);
        }

        var latest = await parts.Backups.LatestAsync(cancellationToken);
        if (_state.NothingToDo && latest is not null)
        {
            return StepReport.NothingToDo($"nothing will change; newest backup {latest.Id}");
        }

        if (
            options.Intent is DeployIntent.Resume
            && latest is not null
            && Time.GetUtcNow() - latest.Manifest.Started < FreshEnough
            && (latest.Manifest.SystemIdentifier, latest.Manifest.DatabaseId)
                == (_state.Database!.SystemIdentifier, _state.Database.DatabaseId)
        )
        {
            await parts.Verifier.VerifyAsync(latest.Manifest, cancellationToken);
            return StepReport.NothingToDo($"backup {latest.Id} is fresh, and was read back again");
        }

        var report = Reported(await BackUpAsync(_run!.Id, "before the deploy", cancellationToken));
        return await WithServerAsync(report, cancellationToken);
    }

    private async Task<BackupManifest> BackUpAsync(RunId run, string purpose, CancellationToken cancellationToken)
    {
        var url = Parts.Environment.Database.Url;
        var manifest = await Parts.Writer.BackupAsync(url, run.Value, purpose, cancellationToken);
        await Parts.Verifier.VerifyAsync(manifest, cancellationToken);
        return manifest;
    }

    private static StepReport Reported(BackupManifest backup) =>
        StepReport.Done(
            $"{RunOutput.Bytes(backup.Bytes)} of {RunOutput.Bytes(backup.PlainBytes)}, {Count(backup.Rows, "row")}, "
                + $"{(backup.Dump.IsEncrypted ? "encrypted" : "NOT encrypted")}, read back",
            new("backup", backup.Id),
            new("bytes", $"{backup.Bytes}"),
            new("sha256", string.Join(", ", backup.Dumps.Select(dump => dump.Sums.Sha256))),
            new("keys", string.Join(", ", backup.Keys)),
            new("tables", $"{backup.Content.Tables.Count}"),
            new("duration", RunOutput.Duration(backup.Duration)),
            new("server", backup.ServerVersion),
            new("pg_dump", backup.DumpVersion)
        );
}

using Slipway.Backups;
using Slipway.Backups.PgBackRest;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private async Task VerifyServerAsync(string? id, VerificationLevel level, CancellationToken cancellationToken)
    {
        var servers = Servers(await OpenAsync(cancellationToken));
        if (options.DryRun)
        {
            Output.Line(
                $"  would verify the server's backups in {servers.Engine.Settings.Repository.Location}: {level}"
            );
            return;
        }

        await ToldAsync(
            Next("BackupVerify", $"--engine {PgBackRest} --verify-level {(int)level}"),
            $"{Untouched}, and nothing of a copy is left",
            level is VerificationLevel.ReadBack
                ? () => ReadServerAsync(servers, cancellationToken)
                : () => ProveServerAsync(servers, id, cancellationToken)
        );
    }

    private async Task ReadServerAsync(ServerBackups servers, CancellationToken cancellationToken)
    {
        var clock = Time.GetTimestamp();
        var report = await servers.VerifyAsync(cancellationToken);
        foreach (var gap in report.Gaps)
        {
            Output.Warn($"write-ahead log {gap} is missing: nothing can be restored to a point in it");
        }

        if (!report.IsGood)
        {
            throw new SlipwayException(
                report.Problems.Count == 0
                    ? $"The repository {servers.Engine.Settings.Repository.Location} holds no backup"
                    : $"The repository {servers.Engine.Settings.Repository.Location} cannot be relied on:\n  {string.Join("\n  ", report.Problems)}",
                $"take a new one at once: ./build.sh Backup --env {options.Environment} --type full"
            );
        }

        Output.Line(
            $"  ✓ {Count(report.Backups.Count, "backup")} with {Count(report.Files, "file")}, and {Count(report.Segments, "segment")} of write-ahead log, read to their end in {RunOutput.Duration(Time.GetElapsedTime(clock))}"
        );
    }

    private async Task ProveServerAsync(ServerBackups servers, string? id, CancellationToken cancellationToken)
    {
        var label = id is null ? null : await LabelAsync(servers, id, cancellationToken);
        var proof = await servers.ProveAsync(label, cancellationToken);
        var tables = proof.Databases.Values.SelectMany(found => found).ToList();
        var check = proof.CheckTime is { } time
            ? $"pg_amcheck {RunOutput.Duration(time)}"
            : "NOT checked with pg_amcheck, which is not installed";
        Output.Line(
            $"  ✓ backup {proof.Backup.Label} was restored to {proof.Target} and read: {Count(proof.Databases.Count, "database")}, {Count(tables.Count, "table")}, {Count(tables.Sum(table => table.Rows), "row")}"
        );
        Output.Line(
            $"    time to recover {RunOutput.Duration(proof.TimeToRecover)}: files {RunOutput.Duration(proof.RestoreTime)}, recovery {RunOutput.Duration(proof.RecoveryTime)}; then rows {RunOutput.Duration(proof.CountTime)}, {check}"
        );
    }
}

using Slipway.Migrations;
using Slipway.Monitoring;
using Slipway.Runs;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Shows which migrations are applied, pending, changed, missing or failed.</summary>
    public async Task<StepReport> MigrateStatusAsync(CancellationToken cancellationToken)
    {
        _state.Stage = Stage.MigrateStatus;
        var status = await ReadMigrationsAsync(cancellationToken);
        foreach (var line in MigrationStatusTable.Text(status).TrimEnd().Split('\n'))
        {
            Output.Line($"  {line}");
        }

        status.RefuseBlocking();
        return StepReport.Done(
            $"{status.Entries.Count - status.Pending.Count} applied, {status.Pending.Count} pending",
            new("newest", status.Newest ?? "none"),
            new("pending", string.Join(", ", status.Pending))
        );
    }

    /// <summary>Applies the pending migrations and looks at the database before and after.</summary>
    public async Task<StepReport> MigrateDeployAsync(CancellationToken cancellationToken)
    {
        _state.Stage = Stage.MigrateDeploy;
        var pending = _state.Plan!.Pending;
        if (pending.Count == 0)
        {
            return StepReport.NothingToDo("no migration is pending");
        }

        if (options.DryRun)
        {
            return StepReport.WouldDo($"apply {string.Join(", ", pending.Select(migration => migration.Name))}");
        }

        var before = await SnapshotAsync(cancellationToken);
        await ApplyAsync(pending, cancellationToken);
        _run!.Lock.Settle();
        _state.Migrations = await ReadMigrationsAsync(cancellationToken);
        _state.Migrations.RefuseBlocking();
        var after = await SnapshotAsync(cancellationToken);
        return StepReport.Done(
            $"{_state.Applied.Count} applied, newest {_state.Migrations.Newest}",
            new("applied", string.Join(", ", _state.Applied)),
            new("database before", before),
            new("database after", after)
        );
    }

    private async Task ApplyAsync(IReadOnlyList<PlannedMigration> pending, CancellationToken cancellationToken)
    {
        var environment = Parts.Environment;
        try
        {
            var outcome = await new Migrator(Output).DeployAsync(
                environment.Database.Url,
                environment.Migrations,
                pending,
                cancellationToken
            );
            _state.Applied = [.. outcome.Applied.Select(migration => migration.Name)];
        }
        catch (MigrationFailedException failure)
        {
            _state.Applied = [.. failure.AppliedBefore.Select(migration => migration.Name)];
            _state.FailedMigration = failure.Failure.State switch
            {
                MigrationState.HalfApplied => FailedMigration.HalfApplied,
                MigrationState.Unknown => FailedMigration.StateUnknown,
                _ => FailedMigration.UndidItself,
            };
            throw;
        }
        finally
        {
            var applied = _state.Plan!.Pending.Where(migration => _state.Applied.Contains(migration.Name));
            _state.Schema = SchemaOf([.. _state.Unverified, .. applied.Select(migration => migration.Verdict)]);
        }
    }

    private async Task<string> SnapshotAsync(CancellationToken cancellationToken)
    {
        var environment = Parts.Environment;
        if (!environment.Monitoring.Enabled)
        {
            return "not measured: DB_MONITORING_ENABLED is false";
        }

        var health = await new DatabaseMonitor(Time).ObserveAsync(environment.Database.Url, cancellationToken);
        foreach (var finding in DatabaseMonitor.Judge(health, environment.Monitoring))
        {
            Output.Warn($"{finding.Text} → {finding.Remedy}");
        }

        return health.Summary;
    }

    private static AppliedSchema SchemaOf(IReadOnlyList<string> verdicts) =>
        verdicts.Count == 0 ? AppliedSchema.NoneApplied
        : verdicts.Contains("unknown") ? AppliedSchema.Unknown
        : verdicts.Contains("contract") ? AppliedSchema.SomeContract
        : verdicts.Contains("data") ? AppliedSchema.SomeData
        : AppliedSchema.AllExpand;
}

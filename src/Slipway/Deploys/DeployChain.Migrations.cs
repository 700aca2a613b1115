using Slipway.Migrations;
using Slipway.Migrations.Advice;
using Slipway.Migrations.Commands;
using Slipway.Monitoring;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Shows which migrations are applied, pending, changed, missing or failed.</summary>
    /// <param name="json">True prints JSON.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="SlipwayException">Something keeps migrations from being applied; asked for alone, with a code that says what.</exception>
    public async Task<StepReport> MigrateStatusAsync(bool json, CancellationToken cancellationToken)
    {
        _state.Stage = Stage.MigrateStatus;
        var status = await ReadMigrationsAsync(cancellationToken);
        foreach (
            var line in (json ? MigrationReport.Of(status).Json() : MigrationStatusTable.Text(status))
                .TrimEnd()
                .Split('\n')
        )
        {
            Output.Raw(json ? line : $"  {line}");
        }

        Annotate(status);
        await AdviseAsync(status, cancellationToken);
        StatusCode = options.Asked is ["MigrateStatus"] ? status.ExitCode : ExitCode.Done;
        status.RefuseBlocking(options.Asked is ["MigrateStatus"] ? status.ExitCode : ExitCode.Refused);
        return StepReport.Done(
            $"{status.Entries.Count - status.Pending.Count} applied, {status.Pending.Count} pending",
            new("newest", status.Newest ?? "none"),
            new("pending", string.Join(", ", status.Pending))
        );
    }

    /// <summary>What a run ends with that was asked for the status of the migrations alone.</summary>
    public ExitCode StatusCode { get; private set; }

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

        await RefuseOtherDatabaseAsync(cancellationToken);
        (await ReadMigrationsAsync(cancellationToken)).RefuseOtherThan(_state.Migrations!);
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
            var outcome = environment.Migrations.Commands is null
                ? await new Migrator(Output).DeployAsync(
                    environment.Database.Url,
                    environment.Migrations,
                    pending,
                    cancellationToken
                )
                : await new CommandMigrator(environment, processes, Output).DeployAsync(cancellationToken);
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
            // What a command applied is not known by the plan's names, and of what it means nothing is known.
            var verdicts = _state
                .Plan!.Pending.Where(migration => _state.Applied.Contains(migration.Name))
                .Select(migration => migration.Verdict);
            var unplanned = _state.Applied.Except(_state.Plan.Pending.Select(migration => migration.Name));
            _state.Schema = SchemaOf([.. _state.Unverified, .. verdicts, .. unplanned.Select(_ => "unknown")]);
        }
    }

    // On GitHub's runners everything that a person should see stands at its file.
    private void Annotate(MigrationStatus status)
    {
        if (options.Variables.GetValueOrDefault("GITHUB_ACTIONS") is "true")
        {
            foreach (var line in MigrationAnnotations.Of(status, options.Root))
            {
                Output.Raw(line);
            }
        }
    }

    private async Task AdviseAsync(MigrationStatus status, CancellationToken cancellationToken)
    {
        var environment = Parts.Environment;
        if (environment.Migrations.Commands is null && status.Pending.Count > 0)
        {
            var pending = MigrationSet.Read(environment.Migrations).Pending(status);
            foreach (
                var advice in await new SquawkAdvice(processes, SearchPath.Find("squawk")).AskAsync(
                    pending,
                    cancellationToken
                )
            )
            {
                Output.Line($"  advice: {advice}");
            }
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

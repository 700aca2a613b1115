using Slipway.Backups.Restoring;
using Slipway.Migrations;
using Slipway.Migrations.Rehearsal;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private RehearsalBook Rehearsals => new(Parts.Store, Parts.Environment.Name, Time);

    /// <summary>Restores the newest backup beside the database, and tries the pending migrations on it: up, down, compare, up.</summary>
    /// <exception cref="SlipwayException">One does not run on this data, or does more than the environment allows.</exception>
    public async Task<StepReport> RehearseAsync(CancellationToken cancellationToken)
    {
        _state.Stage = Stage.Rehearse;
        var pending = _state.Plan!.Pending;
        if (pending.Count == 0)
        {
            return StepReport.NothingToDo("no migration is pending");
        }

        if (WhyNotRehearsed(Parts.Environment) is { } why)
        {
            return new(StepOutcome.Skipped, why, []);
        }

        if (options.DryRun)
        {
            return StepReport.WouldDo($"try {Count(pending.Count, "migration")} on the restored backup");
        }

        var set = MigrationSet.Read(Parts.Environment.Migrations);
        var (report, trial) = await RehearseAsync(set, cancellationToken);
        if (trial is { Failures: [var failure, ..] })
        {
            report = report.Breaking($"the live release fails on it: {failure}");
            Output.Warn(
                $"release {trial.Release}, which is live, will fail on the migrated database until it is replaced: {failure}"
            );
        }

        await KeepAsync(report, set, cancellationToken);
        return Rehearsed(report, trial);
    }

    private async Task<(RehearsalReport Report, TrialReport? Trial)> RehearseAsync(
        MigrationSet set,
        CancellationToken cancellationToken
    )
    {
        var environment = Parts.Environment;
        var backup =
            await Parts.Backups.LatestAsync(cancellationToken)
            ?? throw new SlipwayException(
                $"Environment {environment.Name} has no verified backup to try migrations on",
                $"take one: ./build.sh Backup --env {environment.Name}"
            );
        var verifier = new RestoreVerifier(Restorer(forScratch: true), Parts.Backups);
        TrialReport? trial = null;
        var report = await new Rehearser(verifier, environment.Migrations.Rehearsal, Output).RunAsync(
            backup.Manifest,
            environment.Database,
            environment.Migrations,
            set,
            _state.Migrations!,
            async (copy, token) => trial = await TryLiveAsync(copy, token),
            cancellationToken
        );
        return (report, trial);
    }

    private async Task<TrialReport?> TryLiveAsync(DatabaseUrl copy, CancellationToken cancellationToken)
    {
        if (_state.Plan!.Live is not { } live)
        {
            return null;
        }

        var entries = await Parts.Book.ReadAsync(cancellationToken);
        var commit = entries.LastOrDefault(entry => entry.Id == live)?.Commit ?? "";
        var trial = await Parts.Releaser.TryAsync(new(live, commit), copy, cancellationToken);
        foreach (var line in $"{trial}".Split('\n'))
        {
            Output.Line($"  {line}");
        }

        return trial;
    }

    private static string? WhyNotRehearsed(DeploymentEnvironment environment) =>
        environment.Migrations.Rehearsal.Mode is RehearsalMode.Off ? "migrations.rehearsal.mode is off"
        : environment.Migrations.Commands is not null
            ? "the project's own commands apply the migrations, and what they run is not known"
        : environment.Backup.Enabled ? null
        : "BACKUP_ENABLED is false: there is no backup to try them on";

    private async Task KeepAsync(RehearsalReport report, MigrationSet set, CancellationToken cancellationToken)
    {
        foreach (var line in RehearsalText.Of(report).TrimEnd().Split('\n'))
        {
            Output.Line($"  {line}");
        }

        await Rehearsals.AddAsync(report, set, cancellationToken);
        if (options.Variables.GetValueOrDefault("GITHUB_ACTIONS") is "true")
        {
            foreach (var line in MigrationAnnotations.Of(report, set.Folder, options.Root))
            {
                Output.Raw(line);
            }
        }

        var verdicts = report.Migrations.ToDictionary(
            migration => migration.Name,
            migration => Word(migration.Verdict)
        );
        _state.Plan = _state.Plan! with
        {
            Pending =
            [
                .. _state.Plan.Pending.Select(migration => migration with { Verdict = verdicts[migration.Name] }),
            ],
        };
    }

    private StepReport Rehearsed(RehearsalReport report, TrialReport? trial)
    {
        var over = report.OverBudget;
        if (over.Count > 0 && Parts.Environment.Migrations.Rehearsal.Mode is RehearsalMode.Block)
        {
            throw OverBudget(over);
        }

        foreach (var (migration, finding) in over)
        {
            Output.Warn($"{migration.Name}, line {finding.Line}: {finding.What} → {finding.Remedy}");
        }

        var migrations = report.Migrations;
        return StepReport.Done(
            $"{Count(migrations.Count, "migration")} tried on backup {report.Backup}: "
                + string.Join(
                    ", ",
                    migrations.CountBy(migration => Word(migration.Verdict)).Select(pair => $"{pair.Value} {pair.Key}")
                ),
            new("backup", report.Backup),
            new("restored in", RunOutput.Duration(report.Restore)),
            new(
                "inside of the indexes",
                report.UncheckedIndexes is { } why ? $"not checked: {why}" : "checked by amcheck"
            ),
            new(
                "verdicts",
                string.Join(", ", migrations.Select(migration => $"{migration.Name}: {Word(migration.Verdict)}"))
            ),
            new(
                "undo",
                string.Join(
                    ", ",
                    migrations.Select(migration => $"{migration.Name}: {RehearsalText.Word(migration.Undo.Outcome)}")
                )
            ),
            new("live release on the copy", trial is null ? "none is live" : FirstLine($"{trial}")),
            new("over budget", $"{over.Count}")
        );
    }

    private SlipwayException OverBudget(IReadOnlyList<(RehearsedMigration Migration, TraceFinding Finding)> over) =>
        new(
            $"What the migrations do is more than environment {options.Environment} allows:\n"
                + string.Join(
                    '\n',
                    over.Select(item =>
                        $"  - {item.Migration.Path}, line {item.Finding.Line}: {item.Finding.What} → {item.Finding.Remedy}"
                    )
                ),
            "nothing was touched; write them otherwise, or raise migrations.rehearsal in the environment file, then: "
                + $"./build.sh Deploy --env {options.Environment}",
            ExitCode.Refused
        );

    private static string Word(SchemaVerdict verdict) => verdict.ToString().ToLowerInvariant();
}

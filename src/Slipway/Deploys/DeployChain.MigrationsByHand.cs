using Slipway.Migrations;
using Slipway.Migrations.Commands;
using Slipway.Migrations.Plain;
using Slipway.Migrations.Rehearsal;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Undoes migrations by their down scripts, the newest first.</summary>
    /// <param name="to">The migration that becomes the newest; null to count.</param>
    /// <param name="steps">How many; one when neither is said.</param>
    /// <param name="cancellationToken">Takes back the one that is running; those before it stay undone.</param>
    /// <exception cref="SlipwayException">It cannot, or may not, be undone; says why.</exception>
    public async Task MigrateRollbackAsync(string? to, int? steps, CancellationToken cancellationToken)
    {
        var environment = (await OpenAsync(cancellationToken)).Environment;
        if (environment.Migrations.Commands is not null)
        {
            await RollBackByCommandAsync(environment, cancellationToken);
            return;
        }

        var status = await ReadMigrationsAsync(cancellationToken);
        var set = MigrationSet.Read(environment.Migrations);
        var chosen = MigrationRollback.Choose(set, status, to, steps ?? 1);
        await RefuseLiveCodeAsync(status, chosen, cancellationToken);
        var names = string.Join(", ", chosen.Select(migration => migration.Name));
        RefuseUnproven(await UnprovenAsync(chosen, cancellationToken));
        await OperateAsync(
            "MigrateRollback",
            async (_, token) =>
            {
                var undone = await new MigrationRollback(Output).RunAsync(
                    environment.Database.Url,
                    environment.Migrations,
                    chosen,
                    token
                );
                return StepReport.Done(
                    $"{undone.Count} undone: {names}",
                    new("undone", names),
                    new("reason", options.Reason ?? "")
                );
            },
            $"undo {names}, in this order",
            locks: true,
            cancellationToken
        );
    }

    /// <summary>Writes that the schema contains the migrations up to one, where there is no history yet.</summary>
    public async Task BaselineAsync(string to, CancellationToken cancellationToken)
    {
        var environment = await WithoutCommandsAsync("Baseline", cancellationToken);
        await OperateAsync(
            "Baseline",
            async (_, token) =>
            {
                var names = await new HistoryRepair(Output).BaselineAsync(
                    environment.Database.Url,
                    environment.Migrations,
                    to,
                    token
                );
                return StepReport.Done(
                    $"the history says that {Count(names.Count, "migration")} up to {names[^1]} are applied; nothing was run",
                    new("applied", string.Join(", ", names)),
                    new("reason", options.Reason ?? "")
                );
            },
            $"write that everything up to {to} is applied, and run nothing",
            locks: true,
            cancellationToken
        );
    }

    /// <summary>Writes that one migration is applied, or that one which failed is rolled back.</summary>
    /// <param name="applied">The one that is applied; null when the other is given.</param>
    /// <param name="rolledBack">The one that is rolled back.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    public async Task ResolveAsync(string? applied, string? rolledBack, CancellationToken cancellationToken)
    {
        var environment = await WithoutCommandsAsync("Resolve", cancellationToken);
        var name = applied ?? rolledBack!;
        var what = applied is not null ? "applied" : "rolled back";
        await OperateAsync(
            "Resolve",
            async (_, token) =>
            {
                var (resolved, before) = await new HistoryRepair(Output).ResolveAsync(
                    environment.Database.Url,
                    environment.Migrations,
                    name,
                    applied is not null,
                    token
                );
                return StepReport.Done(
                    $"the history says that {resolved} is {what}; nothing was run",
                    new("migration", resolved),
                    new("now", what),
                    new("before", before),
                    new("reason", options.Reason ?? "")
                );
            },
            $"write that {name} is {what}, and run nothing",
            locks: true,
            cancellationToken
        );
    }

    /// <summary>Makes the files of a new migration.</summary>
    public async Task MigrationNewAsync(string name, CancellationToken cancellationToken)
    {
        var environment = (await OpenAsync(cancellationToken)).Environment;
        if (options.DryRun)
        {
            Output.Line($"  would make a migration {name} in {environment.Migrations.Folder}");
            return;
        }

        foreach (var path in NewMigration.Create(environment.Migrations, name, Time))
        {
            Output.Line($"  made {Path.GetRelativePath(options.Root, path)}");
        }
    }

    // Code that was verified with a migration may not run without it, so it goes first.
    private async Task RefuseLiveCodeAsync(
        MigrationStatus status,
        IReadOnlyList<Migration> chosen,
        CancellationToken cancellationToken
    )
    {
        var serving = await Parts.Releaser.ServingAsync(cancellationToken);
        var entries = await Parts.Book.ReadAsync(cancellationToken);
        if (entries.FirstOrDefault(entry => entry.Id == serving) is not { Newest: { } newest } live)
        {
            return;
        }

        var since = status.AppliedSince(newest).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var older = chosen.Select(migration => migration.Name).Where(name => !since.Contains(name)).ToList();
        if (older.Count > 0)
        {
            throw new SlipwayException(
                $"Release {live.Id} is live and was brought with {string.Join(", ", older)}, so it may not run without; nothing was undone",
                $"put the code back first: ./build.sh Rollback --env {options.Environment}",
                ExitCode.Refused
            );
        }
    }

    private async Task<IReadOnlyList<string>> UnprovenAsync(
        IReadOnlyList<Migration> chosen,
        CancellationToken cancellationToken
    )
    {
        var known = await Rehearsals.ReadAsync(cancellationToken);
        var problems = new List<string>();
        foreach (var migration in chosen)
        {
            var seen = known.FirstOrDefault(entry => entry.Name == migration.Name);
            if (seen is null || seen.Checksum != migration.Checksum || seen.DownChecksum != migration.DownChecksum)
            {
                problems.Add(
                    $"  - {migration.Name}: {(seen is null ? "it was never rehearsed" : "its files are not those that were rehearsed")}"
                );
            }
            else if (seen.Undo is not UndoOutcome.Lossless)
            {
                problems.Add(
                    $"  - {migration.Name}: undoing it on backup {seen.Backup}: {RehearsalText.Word(seen.Undo)}"
                );
                problems.AddRange(seen.Differences.Select(difference => $"      {difference}"));
            }
        }

        return problems;
    }

    private void RefuseUnproven(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0 && options.Reason is null && !options.DryRun)
        {
            throw new SlipwayException(
                $"It is not proven that undoing them loses nothing:\n{string.Join('\n', problems)}",
                $"see what would be undone with --dry-run; a person who knows what is lost says why: "
                    + $"./build.sh MigrateRollback --env {options.Environment} --reason \"…\"",
                ExitCode.Refused
            );
        }
    }

    private async Task RollBackByCommandAsync(DeploymentEnvironment environment, CancellationToken cancellationToken)
    {
        var words = string.Join(' ', environment.Migrations.Commands!.Rollback);
        RefuseUnproven(["  - the project's own command undoes the last migration, and what it runs is not known"]);
        await OperateAsync(
            "MigrateRollback",
            async (_, token) =>
            {
                var undone = await new CommandMigrator(environment, processes, Output).RollbackAsync(token);
                var names = string.Join(", ", undone);
                return StepReport.Done(
                    $"{undone.Count} undone: {names}",
                    new("undone", names),
                    new("by", words),
                    new("reason", options.Reason ?? "")
                );
            },
            $"run {words}",
            locks: true,
            cancellationToken
        );
    }

    private async Task<DeploymentEnvironment> WithoutCommandsAsync(string name, CancellationToken cancellationToken)
    {
        var environment = (await OpenAsync(cancellationToken)).Environment;
        return environment.Migrations.Commands is null
            ? environment
            : throw new SlipwayException(
                $"{name} writes the history of a tool that is known, and environment {options.Environment} migrates by its own commands",
                "use that tool's own command for it",
                ExitCode.Refused
            );
    }
}

using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Retention;

/// <summary>Removes the backups of an environment that its retention no longer keeps.</summary>
public sealed class BackupPrune(IObjectStore store, BackupCatalog catalog, RetentionPolicy policy, RunOutput output)
{
    /// <summary>Plans, prints the plan, and carries it out.</summary>
    /// <param name="dryRun">True prints the same plan and removes nothing.</param>
    /// <param name="verifiedRun">The run of the last verified release; null when there is none.</param>
    /// <param name="cancellationToken">Stops between two objects.</param>
    /// <returns>Refused when the clock is not believed, failed when something could not be removed.</returns>
    public async Task<ExitCode> RunAsync(bool dryRun, string? verifiedRun, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(verifiedRun, cancellationToken);
        output.Line(plan.Text().TrimEnd('\n'));
        if (dryRun || plan.Suspicion is not null)
        {
            return plan.Suspicion is null ? ExitCode.Done : ExitCode.Refused;
        }

        var outcome = await new RetentionExecutor(store, output).RunAsync(plan, cancellationToken);
        foreach (var swept in await store.SweepAsync(BackupKeys.Prefix(catalog.Environment), cancellationToken))
        {
            output.Line(
                $"  removed {swept.Key}, which a writer that died left unfinished ({RunOutput.Bytes(swept.Size)})"
            );
        }

        return outcome.ExitCode;
    }

    /// <summary>Makes the plan.</summary>
    public async Task<RetentionPlan> PlanAsync(string? verifiedRun, CancellationToken cancellationToken)
    {
        // Files first: a backup that ends in between has a manifest when it is looked for.
        var objects = await store.ListAsync(BackupKeys.Prefix(catalog.Environment), cancellationToken);
        var backups = await catalog.ListAsync(cancellationToken);
        var facts = new RetentionFacts
        {
            Environment = catalog.Environment,
            Now = output.Time.GetUtcNow(),
            Backups = backups,
            Objects = objects,
            Needed = await NeededBackups.ReadAsync(store, catalog.Environment, backups, verifiedRun, cancellationToken),
        };
        return RetentionPlanner.Plan(facts, policy);
    }
}

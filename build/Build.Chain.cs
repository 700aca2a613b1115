using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Nuke.Common;
using Nuke.Common.Execution;
using Slipway.Deploys;

/// <summary>How the targets of the chain run their steps.</summary>
partial class Build
{
    DeployChain _chain;

    DeployIntent Intent =>
        InvokedTargets.Contains(Resume) ? DeployIntent.Resume
        : InvokedTargets.Contains(Rollback) ? DeployIntent.Rollback
        : DeployIntent.Deploy;

    // The engine publishes the token of the running target; under an engine that does not, nothing is ever cancelled.
    static CancellationToken Stop =>
        AppContext.GetData("Slipway.CancellationToken") is CancellationToken token ? token : CancellationToken.None;

    DeployChain Chain => _chain ??= Composition.Chain(RootDirectory, Env, DryRun, Intent, Asked, Reason);

    List<string> Asked => InvokedTargets.Select(target => target.Name).ToList();

    // At this point everything else has ended: what has not was cut off by a signal or a failure.
    bool IsCutOff => ExecutionPlan.Any(target => target.Status is ExecutionStatus.Aborted or ExecutionStatus.NotRun);

    async Task Step(string name, Func<DeployChain, Func<CancellationToken, Task<StepReport>>> step)
    {
        if (SkippedTargets.Contains(Preflight))
        {
            throw DeployChain.NoPreflight(Env);
        }

        var report = await Chain.StepAsync(name, step(Chain), Stop);
        ReportSummary(summary =>
        {
            summary[""] = report.ToString();
            return summary;
        });
    }

    async Task ConcludeAsync()
    {
        if (_chain is null)
        {
            return;
        }

        await using (_chain)
        {
            var exitCode = (int)await _chain.ConcludeAsync(IsCutOff, Stop);
            ExitCode = exitCode == 0 ? ExitCode : exitCode;
        }
    }
}

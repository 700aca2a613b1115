using System.Diagnostics;
using Nuke.Common.Output;

namespace Nuke.Common.Execution;

/// <summary>Runs the targets of a plan in order, and the assured ones after a failure.</summary>
internal sealed class BuildExecutor(NukeBuild build, BuildOutput output, Interruption interruption, TimeSpan patience)
{
    private const string Token = "Slipway.CancellationToken";

    /// <summary>The exit code asked for by the first failure; null when all went well.</summary>
    public int? ExitCode { get; private set; }

    public void Execute(IReadOnlyCollection<string>? skipped)
    {
        Skip(skipped);
        foreach (var target in build.ExecutionPlan)
        {
            if (interruption.Token.IsCancellationRequested || !RunInTurn(target, interruption.Token))
            {
                break;
            }
        }

        if (build.FailedTargets.Count > 0 || interruption.ExitCode is not null)
        {
            foreach (var target in build.ExecutionPlan.Where(target => target.AssuredAfterFailure).ToList())
            {
                RunAssured(target);
            }
        }

        foreach (var target in build.ScheduledTargets)
        {
            target.Status = ExecutionStatus.NotRun;
        }
    }

    private bool RunInTurn(ExecutableTarget target, CancellationToken token)
    {
        if (target.Status != ExecutionStatus.Scheduled || SkippedByCondition(target))
        {
            return true;
        }

        Run(target, token);
        return target.Status is not (ExecutionStatus.Failed or ExecutionStatus.Aborted)
            || (target.ProceedAfterFailure && !token.IsCancellationRequested);
    }

    private void RunAssured(ExecutableTarget target)
    {
        using var bounded = new CancellationTokenSource(patience * 10);
        if (target.Status == ExecutionStatus.Scheduled && !SkippedByCondition(target))
        {
            Run(target, bounded.Token);
        }
    }

    private void Run(ExecutableTarget target, CancellationToken token)
    {
        if (target.Actions.Count == 0)
        {
            target.Status = ExecutionStatus.Collective;
            return;
        }

        var started = Stopwatch.GetTimestamp();
        AppContext.SetData(Token, token);
        target.Status = ExecutionStatus.Running;
        output.Starts(target);
        build.OnTargetRunning(target.Name);
        var failure = Work(target, token);
        target.Duration = Stopwatch.GetElapsedTime(started);
        if (failure is null)
        {
            target.Status = ExecutionStatus.Succeeded;
            build.OnTargetSucceeded(target.Name);
        }
        else
        {
            Failed(target, failure, aborted: token.IsCancellationRequested);
        }

        output.Ends(target);
    }

    // The actions run beside, so that one that ignores its token cannot hold the way back for ever.
    private Exception? Work(ExecutableTarget target, CancellationToken token)
    {
        Exception? failure = null;
        var work = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    target.Actions.ForEach(action => action());
                }
#pragma warning disable CA1031 // Whatever a target throws makes it failed; this is the engine's edge.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    failure = TargetFailure.Unwrap(exception);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        var done = ((IAsyncResult)work).AsyncWaitHandle;
        if (WaitHandle.WaitAny([done, token.WaitHandle]) == 1 && !done.WaitOne(patience))
        {
            return new TimeoutException(
                $"Target {target.Name} did not stop within {patience.TotalSeconds:0} s and was left behind"
            );
        }

        return token.IsCancellationRequested ? failure ?? new OperationCanceledException(token) : failure;
    }

    private void Failed(ExecutableTarget target, Exception exception, bool aborted)
    {
        var failure = TargetFailure.Of(exception);
        target.Status = aborted ? ExecutionStatus.Aborted : ExecutionStatus.Failed;
        if (target.SummaryInformation.Count == 0)
        {
            target.SummaryInformation["error"] = failure.Message.Split('\n')[0];
        }

        if (!aborted)
        {
            ExitCode ??= failure.ExitCode ?? 1;
        }

        output.Failure(target, exception, failure, aborted);
        build.OnTargetFailed(target.Name);
    }

    private bool SkippedByCondition(ExecutableTarget target)
    {
        var failed = target
            .DynamicConditions.Where(condition => !condition.Delegate())
            .Select(condition => condition.Text)
            .ToList();
        if (failed.Count == 0)
        {
            return false;
        }

        target.OnlyWhen = string.Join(" && ", failed);
        Mark(target, null, even: true);
        build.OnTargetSkipped(target.Name);
        return true;
    }

    private void Skip(IReadOnlyCollection<string>? names)
    {
        foreach (var target in build.ExecutionPlan)
        {
            if (
                names is not null
                && (names.Count == 0 || names.Contains(target.Name, StringComparer.OrdinalIgnoreCase))
            )
            {
                Mark(target, "via parameter", even: false);
            }
        }

        foreach (var target in build.ExecutionPlan)
        {
            var failed = target
                .StaticConditions.Where(condition => !condition.Delegate())
                .Select(condition => condition.Text)
                .ToList();
            if (failed.Count > 0)
            {
                target.OnlyWhen = string.Join(" && ", failed);
                Mark(target, null, even: true);
            }
        }
    }

    private void Mark(ExecutableTarget target, string? reason, bool even)
    {
        // What was promised to run after a failure cannot be switched off from the command line.
        if (target.Status != ExecutionStatus.Scheduled || (target.AssuredAfterFailure && !even))
        {
            return;
        }

        if (!target.Invoked || even)
        {
            target.Status = ExecutionStatus.Skipped;
            target.Skipped = reason;
        }

        if (target.DependencyBehavior == DependencyBehavior.Execute)
        {
            return;
        }

        foreach (var other in target.ExecutionDependencies.Concat(target.Triggers))
        {
            if (
                !build.ScheduledTargets.Any(user =>
                    user.ExecutionDependencies.Contains(other) || user.Triggers.Contains(other)
                )
            )
            {
                Mark(other, $"because of {target.Name}", even: false);
            }
        }
    }
}

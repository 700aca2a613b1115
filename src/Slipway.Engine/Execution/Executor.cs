using Nuke.Common.Reporting;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>Runs the targets of a plan one after the other, and after a failure or a signal the assured ones.</summary>
internal sealed class Executor(
    EngineSession session,
    NukeBuild build,
    RunConsole console,
    Interruption interruption,
    BuildAttempt attempt
)
{
    private readonly IReadOnlyList<ExecutableTarget> _plan = [.. build.ExecutionPlan];
    private readonly Skipping _skipping = new([.. build.ExecutionPlan]);
    private readonly TimeProvider _time = session.Input.Time;
    private IReadOnlyCollection<string> _previous = [];

    private BuildEvents Events => build.Events!;

    /// <summary>What the first failed target said, or null.</summary>
    public FailureFacts? Failure { get; private set; }

    /// <summary>Runs the plan to its end or to the first failure; nothing is thrown for a target that fails.</summary>
    public async Task ExecuteAsync(IReadOnlyCollection<string> previous)
    {
        _previous = previous;
        foreach (var target in _plan)
        {
            if (interruption.IsRequested || !await TurnAsync(target, isFailing: false))
            {
                await RunAssuredAsync();
                return;
            }
        }

        if (interruption.IsRequested)
        {
            await RunAssuredAsync();
        }
    }

    /// <summary>Gives every target that never ended its last status.</summary>
    public void Close()
    {
        foreach (var target in _plan)
        {
            target.Status = target.Status switch
            {
                ExecutionStatus.Running => ExecutionStatus.Aborted,
                ExecutionStatus.Scheduled => ExecutionStatus.NotRun,
                var status => status,
            };
        }
    }

    /// <summary>Records a failure that happened outside the actions of a target.</summary>
    public void Fail(Exception exception, ExecutableTarget? target)
    {
        session.RunningTarget = target?.Name;
        var facts = FailureFacts.Of(FailureFacts.Unwrap(exception));
        Failure ??= facts;
        if (target is null)
        {
            Log.Error(facts.Exception, "The build has thrown an exception");
        }
        else
        {
            Log.Error(facts.Exception, "Target {TargetName} has thrown an exception", target.Name);
        }
    }

    private async Task RunAssuredAsync()
    {
        if (interruption.IsRequested)
        {
            // Conditions such as IsFailing must see that these will not run any more.
            foreach (var target in _plan.Where(target => IsWaiting(target) && !target.AssuredAfterFailure))
            {
                target.Status = ExecutionStatus.NotRun;
            }
        }

        foreach (var target in _plan.Where(target => target.AssuredAfterFailure))
        {
            if (IsWaiting(target))
            {
                await TurnAsync(target, isFailing: true);
            }
        }
    }

    private static bool IsWaiting(ExecutableTarget target) => target.Status == ExecutionStatus.Scheduled;

    /// <summary>Returns false when the run must not go on.</summary>
    private async Task<bool> TurnAsync(ExecutableTarget target, bool isFailing)
    {
        session.RunningTarget = target.Name;
        try
        {
            if (Skip(target))
            {
                Events.Skipped(target);
                return true;
            }

            if (target.Actions.Count == 0)
            {
                target.Status = ExecutionStatus.Collective;
                return true;
            }

            return await RunAsync(target, isFailing) || target.ProceedAfterFailure;
        }
        // A condition or an event has thrown: the run has failed although the target has not.
        catch (Exception exception)
        {
            Fail(exception, target);
            target.Status = target.Status switch
            {
                ExecutionStatus.Running => ExecutionStatus.Aborted,
                ExecutionStatus.Scheduled => ExecutionStatus.NotRun,
                var status => status,
            };
            return false;
        }
        finally
        {
            session.RunningTarget = null;
        }
    }

    private bool Skip(ExecutableTarget target)
    {
        if (_previous.Contains(target.Name) && !target.AssuredAfterFailure)
        {
            target.Status = ExecutionStatus.Skipped;
            target.Skipped = "succeeded in the run before";
        }

        return _skipping.AtItsTurn(target);
    }

    private async Task<bool> RunAsync(ExecutableTarget target, bool isFailing)
    {
        console.BeginTarget(target.Name);
        var start = _time.GetTimestamp();
        try
        {
            target.Status = ExecutionStatus.Running;
            Events.Running(target);
            var result = await new TargetRun(target, interruption, _time).RunAsync(isFailing);
            target.Duration = _time.GetElapsedTime(start);
            if (result is { Exception: null, IsAborted: false })
            {
                return Succeed(target);
            }

            End(target, result);
            return false;
        }
        finally
        {
            target.Duration = _time.GetElapsedTime(start);
            console.EndTarget(target.Name);
        }
    }

    private bool Succeed(ExecutableTarget target)
    {
        target.Status = ExecutionStatus.Succeeded;
        try
        {
            Events.Succeeded(target);
        }
        catch (Exception exception)
        {
            End(target, new(exception, IsAborted: false));
            return false;
        }

        attempt.Add(target.Name);
        return true;
    }

    private void End(ExecutableTarget target, TargetResult result)
    {
        var exception = result.Exception is null ? null : FailureFacts.Unwrap(result.Exception);
        if (exception is not null && !(result.IsAborted && exception is OperationCanceledException))
        {
            Fail(exception, target);
            Explain(target, exception.GetType().Name, FailureFacts.Of(exception).Exception.Message);
        }

        if (result.IsAborted)
        {
            Explain(target, "Interrupted", result.Reason ?? $"by {interruption.SignalName}");
        }

        target.Status = result.IsAborted ? ExecutionStatus.Aborted : ExecutionStatus.Failed;
        Events.Failed(target);
    }

    // What the target itself has reported says more.
    private static void Explain(ExecutableTarget target, string key, string message)
    {
        if (target.SummaryInformation.Count == 0)
        {
            target.SummaryInformation = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [key] = message.Split('\n', 2)[0].TrimEnd('\r'),
            };
        }
    }
}

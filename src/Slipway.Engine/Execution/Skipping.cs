using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Decides which targets of the plan are left out, and which of their dependencies with them.</summary>
internal sealed class Skipping(IReadOnlyList<ExecutableTarget> plan)
{
    /// <summary>Applies <c>--skip</c> and the conditions that are known before anything runs.</summary>
    public void BeforeRun(IReadOnlyCollection<string>? names)
    {
        ByName(names);
        foreach (var target in plan)
        {
            if (Failing(target.StaticConditions, target) is { } conditions)
            {
                target.OnlyWhen = conditions;
                Mark(target, reason: null);
            }
        }
    }

    public void ByName(IReadOnlyCollection<string>? names)
    {
        if (names is null)
        {
            return;
        }

        var plain = names.Select(Spelling.Plain).ToList();
        // Assured targets put things right; leaving one out by hand would leave a lock or half a release behind.
        foreach (var target in plan.Where(target => !target.AssuredAfterFailure))
        {
            if (plain.Count == 0 || plain.Contains(Spelling.Plain(target.Name)))
            {
                Mark(target, "via parameter", sparesAssured: true);
            }
        }
    }

    /// <summary>Evaluates the conditions of a target whose turn it is.</summary>
    public bool AtItsTurn(ExecutableTarget target)
    {
        if (target.Status == ExecutionStatus.Skipped)
        {
            return true;
        }

        if (Failing(target.DynamicConditions, target) is not { } conditions)
        {
            return false;
        }

        target.OnlyWhen = target.OnlyWhen is null ? conditions : $"{target.OnlyWhen} && {conditions}";
        Mark(target, reason: null);
        target.Status = ExecutionStatus.Skipped;
        return true;
    }

    private static string? Failing(List<(string Text, Func<bool> Delegate)> conditions, ExecutableTarget target)
    {
        var failing = new List<string>();
        foreach (var (text, condition) in conditions)
        {
            try
            {
                if (!condition())
                {
                    failing.Add(text);
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    $"Condition '{text}' of target '{target.Name}' has thrown an exception: {exception.Message}",
                    exception
                );
            }
        }

        return failing.Count == 0 ? null : string.Join(" && ", failing);
    }

    private void Mark(ExecutableTarget target, string? reason, bool sparesAssured = false)
    {
        if (target.Status != ExecutionStatus.Scheduled || (sparesAssured && target.AssuredAfterFailure))
        {
            return;
        }

        if (!target.Invoked)
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
            var isNeeded = plan.Any(candidate =>
                candidate.Status == ExecutionStatus.Scheduled
                && candidate != target
                && (candidate.ExecutionDependencies.Contains(other) || candidate.Triggers.Contains(other))
            );
            if (!isNeeded)
            {
                Mark(other, $"because of {target.Name}", sparesAssured);
            }
        }
    }
}

namespace Nuke.Common.Execution;

/// <summary>Puts targets in order, as NUKE does: ties run in reverse order of declaration.</summary>
internal static class Planner
{
    /// <summary>The targets that run, in order.</summary>
    /// <param name="all">Every target of the build, in order of declaration.</param>
    /// <param name="named">The targets that were named; null runs the default ones.</param>
    public static IReadOnlyList<ExecutableTarget> Plan(
        IReadOnlyList<ExecutableTarget> all,
        IReadOnlyCollection<ExecutableTarget>? named
    )
    {
        var invoked = named?.ToHashSet();
        while (true)
        {
            var plan = Order(all, invoked);
            var triggered = plan.SelectMany(target => target.Triggers).Except(plan).ToList();
            if (triggered.Count == 0)
            {
                return plan;
            }

            invoked = [.. plan, .. triggered];
        }
    }

    private static List<ExecutableTarget> Order(IReadOnlyList<ExecutableTarget> all, HashSet<ExecutableTarget>? invoked)
    {
        var left = all.ToList();
        var chosen = new List<ExecutableTarget>();
        var needed = new HashSet<ExecutableTarget>();
        while (left.Count > 0)
        {
            var waitedFor = left.SelectMany(target => target.AllDependencies).ToHashSet();
            var last =
                left.Find(target => !waitedFor.Contains(target))
                ?? throw new UsageException($"Circular dependencies between targets: {Cycle(left)}");
            left.Remove(last);
            if (needed.Contains(last) || (invoked is null ? last.IsDefault : invoked.Contains(last)))
            {
                chosen.Add(last);
                needed.UnionWith(last.ExecutionDependencies);
            }
        }

        chosen.Reverse();
        return chosen;
    }

    private static string Cycle(List<ExecutableTarget> left)
    {
        // Every target that is left is waited for by another one that is left, so this walk comes back to itself.
        var path = new List<ExecutableTarget>();
        var target = left[0];
        while (!path.Contains(target))
        {
            path.Add(target);
            target = left.First(other => other.AllDependencies.Contains(target));
        }

        path.RemoveRange(0, path.IndexOf(target));
        path.Reverse();
        return string.Join(" -> ", path.Prepend(path[^1]));
    }
}

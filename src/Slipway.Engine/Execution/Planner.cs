namespace Nuke.Common.Execution;

/// <summary>Puts targets in order exactly as NUKE does, ties included, so that plans stay the same on both engines.</summary>
internal static class Planner
{
    /// <summary>The targets that run, in order.</summary>
    /// <param name="all">Every target, in the order of discovery.</param>
    /// <param name="invoked">The named targets; null takes the default ones.</param>
    public static IReadOnlyList<ExecutableTarget> Plan(
        IReadOnlyList<ExecutableTarget> all,
        IReadOnlyCollection<ExecutableTarget>? invoked
    )
    {
        while (true)
        {
            var plan = Sort(all, invoked);
            var triggered = plan.SelectMany(target => target.Triggers).Except(plan).ToList();
            if (triggered.Count == 0)
            {
                return plan;
            }

            invoked = [.. plan, .. triggered];
        }
    }

    private static List<ExecutableTarget> Sort(
        IReadOnlyList<ExecutableTarget> all,
        IReadOnlyCollection<ExecutableTarget>? invoked
    )
    {
        var dependencies = all.ToDictionary(target => target, target => target.AllDependencies);
        var left = all.ToList();
        var plan = new List<ExecutableTarget>();
        while (left.Count > 0)
        {
            var next = left.Find(candidate => !left.Exists(other => dependencies[other].Contains(candidate)))!;
            left.Remove(next);
            if (
                (invoked?.Contains(next) ?? next.IsDefault)
                || plan.Exists(target => target.ExecutionDependencies.Contains(next))
            )
            {
                plan.Add(next);
            }
        }

        plan.Reverse();
        return plan;
    }

    // Over the whole class and not only what is needed, as NUKE has it: a cycle is a mistake wherever it stands.
    public static void CheckCycles(IReadOnlyList<ExecutableTarget> all)
    {
        var cycles = Components.Of(all).Where(component => component.Count > 1).ToList();
        if (cycles.Count > 0)
        {
            var list = string.Concat(
                cycles.Select(cycle => $"\n - {string.Join(", ", cycle.Select(target => target.Name))}")
            );
            throw new UsageException($"Circular dependencies between targets:{list}");
        }
    }
}

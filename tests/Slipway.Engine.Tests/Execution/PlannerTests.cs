using CsCheck;
using Nuke.Common.Execution;

namespace Slipway.Engine.Tests.Execution;

public sealed class PlannerTests
{
    private readonly TestBuild _build = new();

    [Fact]
    public void Puts_dependencies_first_and_what_is_triggered_last() =>
        Assert.Equal(["Backup", "Migrate", "Deploy", "Conclude"], Plan("Deploy"));

    [Fact]
    public void Runs_only_what_is_named_and_needed() => Assert.Equal(["Notify"], Plan("Notify"));

    [Fact]
    public void Keeps_the_order_whatever_the_order_of_the_names() =>
        Assert.Equal(Plan("Backup", "Deploy"), Plan("Deploy", "Backup"));

    [Fact]
    public void Names_the_targets_of_a_circle()
    {
        var targets = _build.Targets;
        Find(targets, "Backup").OrderDependencies.Add(Find(targets, "Deploy"));

        var error = Assert.Throws<Nuke.Common.UsageException>(() => Planner.Plan(targets, [Find(targets, "Deploy")]));

        Assert.Contains("Backup", error.Message, StringComparison.Ordinal);
        Assert.Contains(" -> ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Always_holds_every_dependency_once_and_before_its_user() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 11].Array[0, 30], Gen.Int[0, 11].Array[0, 30])
            .Sample(
                (count, left, right) =>
                {
                    var targets = Graph(count, left.Zip(right));
                    var plan = Planner.Plan(targets, [targets[^1]]);
                    var needed = Closure(targets[^1]);
                    return plan.ToHashSet().SetEquals(needed)
                        && plan.Count == needed.Count
                        && plan.All(target =>
                            target.ExecutionDependencies.All(other => Index(plan, other) < Index(plan, target))
                        );
                }
            );

    // Edges only from later to earlier targets, so that there is never a circle.
    private static List<ExecutableTarget> Graph(int count, IEnumerable<(int, int)> edges)
    {
        var member = typeof(PlannerTests).GetMethods()[0];
        var targets = Enumerable
            .Range(0, count)
            .Select(index => new ExecutableTarget(member, $"T{index}", _ => _))
            .ToList();
        foreach (var (left, right) in edges)
        {
            var (low, high) = (Math.Min(left, right) % count, Math.Max(left, right) % count);
            if (low < high)
            {
                targets[high].ExecutionDependencies.Add(targets[low]);
            }
        }

        return targets;
    }

    private static HashSet<ExecutableTarget> Closure(ExecutableTarget target) =>
        [target, .. target.ExecutionDependencies.SelectMany(Closure)];

    private static int Index(IReadOnlyList<ExecutableTarget> plan, ExecutableTarget target) =>
        plan.ToList().IndexOf(target);

    private static ExecutableTarget Find(IReadOnlyList<ExecutableTarget> targets, string name) =>
        targets.First(target => target.Name == name);

    private string[] Plan(params string[] names)
    {
        var targets = _build.Targets;
        return [.. Planner.Plan(targets, [.. names.Select(name => Find(targets, name))]).Select(target => target.Name)];
    }
}

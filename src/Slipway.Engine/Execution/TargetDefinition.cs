using System.Linq.Expressions;

namespace Nuke.Common.Execution;

/// <summary>Collects what a target's lambda says; the relations are resolved once all targets are known.</summary>
internal sealed class TargetDefinition(ExecutableTarget target, NukeBuild build) : ITargetDefinition
{
    public List<Target> DependsOnTargets { get; } = [];

    public List<Target> DependentForTargets { get; } = [];

    public List<Target> BeforeTargets { get; } = [];

    public List<Target> AfterTargets { get; } = [];

    public List<Target> TriggersTargets { get; } = [];

    public List<Target> TriggeredByTargets { get; } = [];

    public ITargetDefinition Description(string description) => Set(() => target.Description = description);

    public ITargetDefinition Executes(params Action[] actions) => Set(() => target.Actions.AddRange(actions));

    public ITargetDefinition Executes<T>(Func<T> action) => Set(() => target.Actions.Add(() => action()));

    public ITargetDefinition Executes(Func<Task> action) =>
        // NUKE's actions are synchronous; the wait is here, on the thread that runs the targets and nothing else.
#pragma warning disable VSTHRD002
        Set(() => target.Actions.Add(() => action().GetAwaiter().GetResult()));
#pragma warning restore VSTHRD002

    public ITargetDefinition DependsOn(params Target[] targets) => Set(() => DependsOnTargets.AddRange(targets));

    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) => DependsOn(Of(targets, needed: true));

    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) => DependsOn(Of(targets, needed: false));

    public ITargetDefinition DependentFor(params Target[] targets) => Set(() => DependentForTargets.AddRange(targets));

    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) =>
        DependentFor(Of(targets, needed: true));

    public ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets) =>
        DependentFor(Of(targets, needed: false));

    public ITargetDefinition Before(params Target[] targets) => Set(() => BeforeTargets.AddRange(targets));

    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Before(Of(targets, needed: true));

    public ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets) => Before(Of(targets, needed: false));

    public ITargetDefinition After(params Target[] targets) => Set(() => AfterTargets.AddRange(targets));

    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => After(Of(targets, needed: true));

    public ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets) => After(Of(targets, needed: false));

    public ITargetDefinition Triggers(params Target[] targets) => Set(() => TriggersTargets.AddRange(targets));

    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Triggers(Of(targets, needed: true));

    public ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets) => Triggers(Of(targets, needed: false));

    public ITargetDefinition TriggeredBy(params Target[] targets) => Set(() => TriggeredByTargets.AddRange(targets));

    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) => TriggeredBy(Of(targets, needed: true));

    public ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets) =>
        TriggeredBy(Of(targets, needed: false));

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, string? conditionExpression = null) =>
        Set(() => target.DynamicConditions.Add((Text(conditionExpression), condition)));

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, string? conditionExpression = null) =>
        Set(() => target.StaticConditions.Add((Text(conditionExpression), condition)));

    public ITargetDefinition Requires<T>(
        Expression<Func<T>> parameterRequirement,
        params Expression<Func<T>>[] parameterRequirements
    )
        where T : class =>
        Set(() => target.DelegateRequirements.AddRange([parameterRequirement, .. parameterRequirements]));

    public ITargetDefinition Requires<T>(
        Expression<Func<T?>> parameterRequirement,
        params Expression<Func<T?>>[] parameterRequirements
    )
        where T : struct =>
        Set(() => target.DelegateRequirements.AddRange([parameterRequirement, .. parameterRequirements]));

    public ITargetDefinition Requires(
        Expression<Func<bool>> requirement,
        params Expression<Func<bool>>[] requirements
    ) => Set(() => target.DelegateRequirements.AddRange([requirement, .. requirements]));

    public ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior) =>
        Set(() => target.DependencyBehavior = dependencyBehavior);

    public ITargetDefinition AssuredAfterFailure() => Set(() => target.AssuredAfterFailure = true);

    public ITargetDefinition ProceedAfterFailure() => Set(() => target.ProceedAfterFailure = true);

    public ITargetDefinition Unlisted() => Set(() => target.Listed = false);

    public ITargetDefinition Produces(params string[] artifacts) => this;

    public ITargetDefinition Consumes(params Target[] targets) => this;

    private TargetDefinition Set(Action change)
    {
        change();
        return this;
    }

    private Target[] Of<T>(Func<T, Target>[] targets, bool needed)
    {
        if (build is T component)
        {
            return [.. targets.Select(target => target(component))];
        }

        return needed
            ? throw new UsageException($"Target {target.Name} depends on {typeof(T).Name}, which the build is not")
            : [];
    }

    private static string Text(string? expression) =>
        string.Join(
            ' ',
            (expression ?? "")
                .Replace("() =>", "", StringComparison.Ordinal)
                .Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)
        );
}

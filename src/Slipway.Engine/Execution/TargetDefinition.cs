using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Tooling;

namespace Nuke.Common.Execution;

/// <summary>Collects what a target's lambda says; other targets are kept as delegates until all are known.</summary>
internal sealed partial class TargetDefinition(object build, PropertyInfo member) : ITargetDefinition
{
    private static readonly NotSupportedException NoTools = new(
        "Requires with the type of a tool is not supported by this engine.\nHINT: require a member with [PathVariable]."
    );

    private MethodInfo? _baseGetter = member.GetMethod;

    internal string? DescriptionText { get; private set; }

    internal List<Action> Actions { get; } = [];

    internal List<(string Text, Func<bool> Delegate)> DynamicConditions { get; } = [];

    internal List<(string Text, Func<bool> Delegate)> StaticConditions { get; } = [];

    internal List<LambdaExpression> Requirements { get; } = [];

    internal DependencyBehavior Behavior { get; private set; }

    internal bool IsAssured { get; private set; }

    internal bool Proceeds { get; private set; }

    internal bool IsListed { get; private set; } = true;

    internal int? PartitionSize { get; private set; }

    internal List<string> Products { get; } = [];

    internal List<(Delegate Target, string[] Artifacts)> Artifacts { get; } = [];

    public ITargetDefinition Description(string description) => Then(() => DescriptionText = description);

    public ITargetDefinition Executes(params Action[] actions) => Then(() => Actions.AddRange(actions));

    public ITargetDefinition Executes<T>(Func<T> action) =>
        // A lambda that returns a task may bind to this overload; it has to be waited for all the same.
        action is Func<Task> task
            ? Executes(task)
            : Then(() => Actions.Add(() => action()));

    public ITargetDefinition Executes(Func<Task> action) =>
#pragma warning disable VSTHRD002 // Actions are synchronous in the model; the engine runs them on a thread of the pool.
        Then(() => Actions.Add(() => action().GetAwaiter().GetResult()));
#pragma warning restore VSTHRD002

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, string? conditionExpression = null) =>
        Then(() => DynamicConditions.Add((ConditionText.Of(conditionExpression), condition)));

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, string? conditionExpression = null) =>
        Then(() => StaticConditions.Add((ConditionText.Of(conditionExpression), condition)));

    ITargetDefinition ITargetDefinition.Requires<T>(
        Expression<Func<T?>> parameterRequirement,
        params Expression<Func<T?>>[] parameterRequirements
    )
        where T : class => Then(() => Requirements.AddRange([parameterRequirement, .. parameterRequirements]));

    ITargetDefinition ITargetDefinition.Requires<T>(
        Expression<Func<T?>> parameterRequirement,
        params Expression<Func<T?>>[] parameterRequirements
    )
        where T : struct => Then(() => Requirements.AddRange([parameterRequirement, .. parameterRequirements]));

    public ITargetDefinition Requires(
        Expression<Func<bool>> requirement,
        params Expression<Func<bool>>[] requirements
    ) => Then(() => Requirements.AddRange([requirement, .. requirements]));

    public ITargetDefinition Requires<T>()
        where T : IRequireTool => throw NoTools;

    public ITargetDefinition Requires<T>(string version)
        where T : IRequireToolWithVersion => throw NoTools;

    public ITargetDefinition Requires(Expression<Func<Tool>> tool, params Expression<Func<Tool>>[] tools) =>
        Then(() => Requirements.AddRange([tool, .. tools]));

    public ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior) =>
        Then(() => Behavior = dependencyBehavior);

    public ITargetDefinition AssuredAfterFailure() => Then(() => IsAssured = true);

    public ITargetDefinition ProceedAfterFailure() => Then(() => Proceeds = true);

    public ITargetDefinition Unlisted() => Then(() => IsListed = false);

    public ITargetDefinition Base()
    {
        var current = _baseGetter;
        var getter = NonVirtual.BaseOf(current);
        Assert.True(getter is not null, $"Target '{member.Name}' calls Base() but overrides nothing");
        _baseGetter = getter;
        ((Target)NonVirtual.Get(getter!, build)!)(this);
        _baseGetter = current;
        return this;
    }

    public ITargetDefinition Inherit(params Target[] targets) =>
        Then(() => Array.ForEach(targets, target => target(this)));

    public ITargetDefinition Inherit<T>(params Expression<Func<T, Target>>[] targets)
    {
        foreach (var target in targets)
        {
            var property = (PropertyInfo)((MemberExpression)target.Body).Member;
            ((Target)NonVirtual.Get(property.GetMethod!, build)!)(this);
        }

        return this;
    }

    public ITargetDefinition Produces(params string[] artifacts) => Then(() => Products.AddRange(artifacts));

    public ITargetDefinition Consumes(params Target[] targets) =>
        Then(() => Artifacts.AddRange(targets.Select(target => ((Delegate)target, Array.Empty<string>()))));

    public ITargetDefinition Consumes<T>(params Func<T, Target>[] targets) => Consumes(Resolve(targets));

    public ITargetDefinition Consumes(Target target, params string[] artifacts) =>
        Then(() => Artifacts.Add((target, artifacts)));

    public ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts) =>
        Consumes(Resolve([target])[0], artifacts);

    public ITargetDefinition Consumes<T>(params string[] artifacts) => Consumes(Resolve<T>([])[0], artifacts);

    public ITargetDefinition DependsOnContext<T>()
        where T : INukeBuild =>
        Then(() =>
        {
            DependsOnList.Add((Delegate)OnlyPropertyOf<T>(typeof(Setup)).GetValue(build)!);
            BeforeList.Add((Delegate)OnlyPropertyOf<T>(typeof(Cleanup)).GetValue(build)!);
        });

    public ITargetDefinition Partition(int size)
    {
        Assert.True(size > 1, $"Partition size {size} of target '{member.Name}' must be at least 2");
        return Then(() => PartitionSize = size);
    }

    private static PropertyInfo OnlyPropertyOf<T>(Type kind)
    {
        var found = typeof(T).GetProperties().Where(property => property.PropertyType == kind).ToList();
        Assert.True(
            found.Count == 1,
            $"{typeof(T).Name} must have exactly one {kind.Name} to be named without one, but has {found.Count}"
        );
        return found[0];
    }

    private Target[] Resolve<T>(Func<T, Target>[] targets)
    {
        if (build is not T component)
        {
            throw new InvalidOperationException(
                $"Target '{member.Name}' names a target of {typeof(T).Name}, but the build is not one"
            );
        }

        return targets.Length > 0
            ? Array.ConvertAll(targets, target => target(component))
            : [(Target)OnlyPropertyOf<T>(typeof(Target)).GetValue(build)!];
    }

    private TargetDefinition Relate(List<Delegate> list, Target[] targets)
    {
        list.AddRange(targets);
        return this;
    }

    private TargetDefinition Then(Action change)
    {
        change();
        return this;
    }
}

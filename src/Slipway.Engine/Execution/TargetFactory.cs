using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Finds the targets of a build and resolves their relations.</summary>
internal sealed class TargetFactory
{
    private readonly List<(ExecutableTarget Target, TargetDefinition Definition)> _targets = [];

    private TargetFactory(NukeBuild build, IReadOnlyCollection<Target> defaults)
    {
        foreach (var property in Properties(build.GetType()))
        {
            var factory = (Target)property.GetValue(build)!;
            var target = new ExecutableTarget(property, property.Name.Split('.')[^1], factory)
            {
                IsDefault = defaults.Contains(factory),
            };
            var definition = new TargetDefinition(target, build);
            factory(definition);
            _targets.Add((target, definition));
        }
    }

    public static IReadOnlyList<ExecutableTarget> Create(NukeBuild build, IReadOnlyCollection<Target> defaults)
    {
        var factory = new TargetFactory(build, defaults);
        factory._targets.ForEach(pair => factory.Relate(pair.Target, pair.Definition));
        return [.. factory._targets.Select(pair => pair.Target)];
    }

    private void Relate(ExecutableTarget target, TargetDefinition definition)
    {
        target.ExecutionDependencies.UnionWith(Find(target, definition.DependsOnTargets));
        target.OrderDependencies.UnionWith(Find(target, definition.AfterTargets));
        foreach (var other in Find(target, definition.DependentForTargets))
        {
            other.ExecutionDependencies.Add(target);
        }

        foreach (var other in Find(target, definition.BeforeTargets))
        {
            other.OrderDependencies.Add(target);
        }

        foreach (var other in Find(target, definition.TriggersTargets))
        {
            target.Triggers.Add(other);
            other.TriggerDependencies.Add(target);
        }

        foreach (var other in Find(target, definition.TriggeredByTargets))
        {
            other.Triggers.Add(target);
            target.TriggerDependencies.Add(other);
        }
    }

    private IEnumerable<ExecutableTarget> Find(ExecutableTarget from, List<Target> factories)
    {
        foreach (var factory in factories)
        {
            var found =
                _targets.Find(pair => pair.Target.Factory.Equals(factory)).Target
                ?? throw new UsageException($"Target {from.Name} names a target that is no property of the build");
            yield return found == from
                ? throw new UsageException($"Target '{from.Name}' cannot have a dependency on itself")
                : found;
        }
    }

    private static IEnumerable<PropertyInfo> Properties(Type type)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var own = type.GetProperties(All).Where(IsTarget).ToList();
        var names = own.Select(property => property.Name.Split('.')[^1]).ToHashSet(StringComparer.Ordinal);
        return own.Concat(
            type.GetInterfaces()
                .SelectMany(component => component.GetProperties(All))
                .Where(property => IsTarget(property) && names.Add(property.Name))
        );
    }

    private static bool IsTarget(PropertyInfo property) => property.PropertyType == typeof(Target);
}

using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Finds the targets of a build and ties them together.</summary>
internal sealed class TargetDiscovery(INukeBuild build)
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly List<(ExecutableTarget Target, TargetDefinition Definition)> _found = [];
    private readonly Dictionary<Delegate, ExecutableTarget> _byFactory = [];

    public IReadOnlyList<ExecutableTarget> Discover(IReadOnlyCollection<string> defaultTargets)
    {
        foreach (var property in Properties())
        {
            var factory = (Delegate?)property.GetValue(build);
            Assert.True(factory is not null, $"Target '{property.Name}' is null");
            Define(property, factory!, defaultTargets);
        }

        _found.ForEach(entry => Tie(entry.Target, entry.Definition));
        TieSetups();
        return _found.ConvertAll(entry => entry.Target);
    }

    private static string NameOf(MemberInfo member) => member.Name[(member.Name.LastIndexOf('.') + 1)..];

    private static bool IsTarget(PropertyInfo property) =>
        property.PropertyType == typeof(Target)
        || property.PropertyType == typeof(Setup)
        || property.PropertyType == typeof(Cleanup);

    private List<PropertyInfo> Properties()
    {
        var type = build.GetType();
        var own = new List<PropertyInfo>();
        foreach (var property in type.GetProperties(Instance).Where(IsTarget))
        {
            // Reflection also lists a base property that a derived one overrides or hides.
            if (!own.Exists(other => string.Equals(NameOf(other), NameOf(property), StringComparison.Ordinal)))
            {
                own.Add(property);
            }
        }

        var inherited = type.GetInterfaces()
            .Where(component => typeof(INukeBuild).IsAssignableFrom(component))
            .SelectMany(component => component.GetProperties().Where(IsTarget))
            .ToList();
        foreach (var group in inherited.GroupBy(property => property.Name, StringComparer.Ordinal))
        {
            var implemented = own.Find(property =>
                string.Equals(NameOf(property), group.Key, StringComparison.Ordinal)
            );
            if (implemented is null)
            {
                own.Add(MostDerived([.. group]));
            }
            else
            {
                CheckOverride(implemented, [.. group]);
            }
        }

        return own;
    }

    private static void CheckOverride(PropertyInfo own, IReadOnlyList<PropertyInfo> inherited)
    {
        var isExplicit = own.Name.Contains('.', StringComparison.Ordinal);
        Assert.True(
            isExplicit || own.GetMethod!.IsPublic,
            $"Target '{own.Name}' must be marked public to override inherited member from:{List(inherited)}"
        );
    }

    private static PropertyInfo MostDerived(IReadOnlyList<PropertyInfo> properties)
    {
        var derived = properties
            .Where(property => properties.All(other => other.DeclaringType!.IsAssignableFrom(property.DeclaringType)))
            .ToList();
        Assert.True(
            derived.Count == 1,
            $"Target '{properties[0].Name}' must be implemented explicitly because it is inherited from multiple interfaces:{List(properties)}"
        );
        return derived[0];
    }

    private static string List(IEnumerable<PropertyInfo> properties) =>
        string.Concat(properties.Select(property => $"\n - {property.DeclaringType!.Name}"));

    private void Define(PropertyInfo property, Delegate factory, IReadOnlyCollection<string> defaultTargets)
    {
        var definition = new TargetDefinition(build, property);
        _ = factory switch
        {
            Target plain => plain(definition),
            Setup setup => setup(definition),
            _ => ((Cleanup)factory)(definition),
        };
        var target = new ExecutableTarget
        {
            Member = property,
            Name = NameOf(property),
            Factory = factory,
            Description = definition.DescriptionText,
            Listed = definition.IsListed,
            DynamicConditions = definition.DynamicConditions,
            StaticConditions = definition.StaticConditions,
            DependencyBehavior = definition.Behavior,
            AssuredAfterFailure = definition.IsAssured || factory is Cleanup,
            ProceedAfterFailure = definition.Proceeds,
            DelegateRequirements = definition.Requirements,
            Actions = definition.Actions,
            ArtifactProducts = definition.Products,
            PartitionSize = definition.PartitionSize,
            IsDefault = defaultTargets.Contains(NameOf(property)),
        };
        _found.Add((target, definition));
        _byFactory.TryAdd(factory, target);
    }

    private void Tie(ExecutableTarget target, TargetDefinition definition)
    {
        foreach (var other in Resolve(target, definition.DependsOnList, "DependsOn"))
        {
            Add(target.ExecutionDependencies, other);
        }

        foreach (var other in Resolve(target, definition.DependentForList, "DependentFor"))
        {
            Add(other.ExecutionDependencies, target);
        }

        foreach (var other in Resolve(target, definition.AfterList, "After"))
        {
            Add(target.OrderDependencies, other);
        }

        foreach (var other in Resolve(target, definition.BeforeList, "Before"))
        {
            Add(other.OrderDependencies, target);
        }

        foreach (var other in Resolve(target, definition.TriggeredByList, "TriggeredBy"))
        {
            Trigger(other, target);
        }

        foreach (var other in Resolve(target, definition.TriggersList, "Triggers"))
        {
            Trigger(target, other);
        }

        target.ArtifactDependencies = definition
            .Artifacts.SelectMany(artifact =>
                Resolve(target, [artifact.Target], "Consumes")
                    .SelectMany(other =>
                        artifact.Artifacts.DefaultIfEmpty("").Select(path => (Other: other, Path: path))
                    )
            )
            .ToLookup(pair => pair.Other, pair => pair.Path);
    }

    private static void Trigger(ExecutableTarget cause, ExecutableTarget effect)
    {
        Add(cause.Triggers, effect);
        Add(effect.TriggerDependencies, cause);
    }

    private static void Add(ICollection<ExecutableTarget> targets, ExecutableTarget target)
    {
        if (!targets.Contains(target))
        {
            targets.Add(target);
        }
    }

    private IEnumerable<ExecutableTarget> Resolve(ExecutableTarget target, List<Delegate> factories, string verb)
    {
        foreach (var factory in factories)
        {
            Assert.True(
                factory is not null && _byFactory.ContainsKey(factory),
                $"Target '{target.Name}' names something in {verb} that is not a target of the build"
            );
            var other = _byFactory[factory!];
            Assert.True(other != target, $"Target '{target.Name}' cannot have a dependency on itself");
            yield return other;
        }
    }

    private void TieSetups()
    {
        foreach (var (setup, _) in _found.Where(entry => entry.Target.Factory is Setup))
        {
            var cleanups = _found
                .Select(entry => entry.Target)
                .Where(target => target.IsCleanup && target.Member.DeclaringType == setup.Member.DeclaringType)
                .ToList();
            if (cleanups is [var cleanup])
            {
                Trigger(setup, cleanup);
            }
        }
    }
}

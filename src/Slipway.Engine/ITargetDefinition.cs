using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace Nuke.Common;

/// <summary>What can be said about a target.</summary>
public interface ITargetDefinition
{
    /// <summary>Describes the target in the help.</summary>
    ITargetDefinition Description(string description);

    /// <summary>Adds actions, run in order.</summary>
    ITargetDefinition Executes(params Action[] actions);

    /// <summary>Adds an action whose result is ignored.</summary>
    ITargetDefinition Executes<T>(Func<T> action);

    /// <summary>Adds an asynchronous action.</summary>
    ITargetDefinition Executes(Func<Task> action);

    /// <summary>Targets that run before this one whenever it runs.</summary>
    ITargetDefinition DependsOn(params Target[] targets);

    /// <summary>Targets of a component that run before this one whenever it runs.</summary>
    ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets);

    /// <summary>As <c>DependsOn</c>, when the build is such a component.</summary>
    ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets);

    /// <summary>Targets that this one runs before, whenever they run.</summary>
    ITargetDefinition DependentFor(params Target[] targets);

    /// <summary>Targets of a component that this one runs before, whenever they run.</summary>
    ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets);

    /// <summary>As <c>DependentFor</c>, when the build is such a component.</summary>
    ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets);

    /// <summary>Targets that come later when both run.</summary>
    ITargetDefinition Before(params Target[] targets);

    /// <summary>Targets of a component that come later when both run.</summary>
    ITargetDefinition Before<T>(params Func<T, Target>[] targets);

    /// <summary>As <c>Before</c>, when the build is such a component.</summary>
    ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets);

    /// <summary>Targets that come earlier when both run.</summary>
    ITargetDefinition After(params Target[] targets);

    /// <summary>Targets of a component that come earlier when both run.</summary>
    ITargetDefinition After<T>(params Func<T, Target>[] targets);

    /// <summary>As <c>After</c>, when the build is such a component.</summary>
    ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets);

    /// <summary>Targets that run after this one whenever it runs.</summary>
    ITargetDefinition Triggers(params Target[] targets);

    /// <summary>Targets of a component that run after this one whenever it runs.</summary>
    ITargetDefinition Triggers<T>(params Func<T, Target>[] targets);

    /// <summary>As <c>Triggers</c>, when the build is such a component.</summary>
    ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets);

    /// <summary>Targets after which this one runs whenever they run.</summary>
    ITargetDefinition TriggeredBy(params Target[] targets);

    /// <summary>Targets of a component after which this one runs whenever they run.</summary>
    ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets);

    /// <summary>As <c>TriggeredBy</c>, when the build is such a component.</summary>
    ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets);

    /// <summary>Skips the target when the condition, looked at just before it runs, is false.</summary>
    ITargetDefinition OnlyWhenDynamic(
        Func<bool> condition,
        [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null
    );

    /// <summary>Skips the target when the condition, looked at before anything runs, is false.</summary>
    ITargetDefinition OnlyWhenStatic(
        Func<bool> condition,
        [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null
    );

    /// <summary>Members that must have a value.</summary>
    ITargetDefinition Requires<T>(
        Expression<Func<T>> parameterRequirement,
        params Expression<Func<T>>[] parameterRequirements
    )
        where T : class;

    /// <summary>Members that must have a value.</summary>
    ITargetDefinition Requires<T>(
        Expression<Func<T?>> parameterRequirement,
        params Expression<Func<T?>>[] parameterRequirements
    )
        where T : struct;

    /// <summary>Conditions that must hold before anything runs.</summary>
    ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements);

    /// <summary>What happens to dependencies when the target is skipped.</summary>
    ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior);

    /// <summary>Runs the target even after another one failed.</summary>
    ITargetDefinition AssuredAfterFailure();

    /// <summary>Goes on with the others when this target fails.</summary>
    ITargetDefinition ProceedAfterFailure();

    /// <summary>Leaves the target out of the help.</summary>
    ITargetDefinition Unlisted();

    /// <summary>Patterns of files that the target makes; for generators.</summary>
    ITargetDefinition Produces(params string[] artifacts);

    /// <summary>Targets whose files the target needs; for generators.</summary>
    ITargetDefinition Consumes(params Target[] targets);
}

using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>The verbs that say what a target is.</summary>
public interface ITargetDefinition
{
    /// <summary>Says in one line what the target does.</summary>
    /// <param name="description">The line for <c>--help</c> and <c>--plan</c>.</param>
    ITargetDefinition Description(string description);

    /// <summary>Adds actions, run in order.</summary>
    /// <param name="actions">The actions.</param>
    ITargetDefinition Executes(params Action[] actions);

    /// <summary>Adds an action whose result is dropped.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="action">The action.</param>
    ITargetDefinition Executes<T>(Func<T> action);

    /// <summary>Adds an asynchronous action, waited for.</summary>
    /// <param name="action">The action.</param>
    ITargetDefinition Executes(Func<Task> action);

    /// <summary>Runs the given targets before this one, and brings them into the plan.</summary>
    /// <param name="targets">The targets.</param>
    ITargetDefinition DependsOn(params Target[] targets);

    /// <summary>Runs the given targets before this one, and brings them into the plan. They are targets of a component; without arguments its only one.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets);

    /// <summary>Runs the given targets before this one, and brings them into the plan. Does nothing when the build is not such a component.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets);

    /// <summary>Makes the given targets depend on this one.</summary>
    /// <param name="targets">The targets.</param>
    ITargetDefinition DependentFor(params Target[] targets);

    /// <summary>Makes the given targets depend on this one. They are targets of a component; without arguments its only one.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets);

    /// <summary>Makes the given targets depend on this one. Does nothing when the build is not such a component.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets);

    /// <summary>Runs this target before the given ones when both are in the plan.</summary>
    /// <param name="targets">The targets.</param>
    ITargetDefinition Before(params Target[] targets);

    /// <summary>Runs this target before the given ones when both are in the plan. They are targets of a component; without arguments its only one.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition Before<T>(params Func<T, Target>[] targets);

    /// <summary>Runs this target before the given ones when both are in the plan. Does nothing when the build is not such a component.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets);

    /// <summary>Runs this target after the given ones when both are in the plan.</summary>
    /// <param name="targets">The targets.</param>
    ITargetDefinition After(params Target[] targets);

    /// <summary>Runs this target after the given ones when both are in the plan. They are targets of a component; without arguments its only one.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition After<T>(params Func<T, Target>[] targets);

    /// <summary>Runs this target after the given ones when both are in the plan. Does nothing when the build is not such a component.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets);

    /// <summary>Brings the given targets into the plan, after this one.</summary>
    /// <param name="targets">The targets.</param>
    ITargetDefinition Triggers(params Target[] targets);

    /// <summary>Brings the given targets into the plan, after this one. They are targets of a component; without arguments its only one.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition Triggers<T>(params Func<T, Target>[] targets);

    /// <summary>Brings the given targets into the plan, after this one. Does nothing when the build is not such a component.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets);

    /// <summary>Brings this target into the plan, after any of the given ones.</summary>
    /// <param name="targets">The targets.</param>
    ITargetDefinition TriggeredBy(params Target[] targets);

    /// <summary>Brings this target into the plan, after any of the given ones. They are targets of a component; without arguments its only one.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets);

    /// <summary>Brings this target into the plan, after any of the given ones. Does nothing when the build is not such a component.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets);

    /// <summary>Skips the target unless the condition holds at its turn.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="conditionExpression">Its source text, filled in by the compiler.</param>
    ITargetDefinition OnlyWhenDynamic(
        Func<bool> condition,
        [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null
    );

    /// <summary>Skips the target unless the condition holds before anything runs.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="conditionExpression">Its source text, filled in by the compiler.</param>
    ITargetDefinition OnlyWhenStatic(
        Func<bool> condition,
        [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null
    );

    /// <summary>Demands that members have a value before anything runs.</summary>
    /// <typeparam name="T">The member's type.</typeparam>
    /// <param name="parameterRequirement">The member.</param>
    /// <param name="parameterRequirements">More members.</param>
    ITargetDefinition Requires<T>(
        Expression<Func<T?>> parameterRequirement,
        params Expression<Func<T?>>[] parameterRequirements
    )
        where T : class;

    /// <summary>Demands that nullable members have a value before anything runs.</summary>
    /// <typeparam name="T">The member's type without the question mark.</typeparam>
    /// <param name="parameterRequirement">The member.</param>
    /// <param name="parameterRequirements">More members.</param>
    ITargetDefinition Requires<T>(
        Expression<Func<T?>> parameterRequirement,
        params Expression<Func<T?>>[] parameterRequirements
    )
        where T : struct;

    /// <summary>Demands that conditions hold before anything runs.</summary>
    /// <param name="requirement">The condition.</param>
    /// <param name="requirements">More conditions.</param>
    ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements);

    /// <summary>Not supported by this engine.</summary>
    /// <typeparam name="T">The tool.</typeparam>
    ITargetDefinition Requires<T>()
        where T : IRequireTool;

    /// <summary>Not supported by this engine.</summary>
    /// <typeparam name="T">The tool.</typeparam>
    /// <param name="version">The version.</param>
    ITargetDefinition Requires<T>(string version)
        where T : IRequireToolWithVersion;

    /// <summary>Demands that programs are there, before anything runs.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="tools">More tools.</param>
    ITargetDefinition Requires(Expression<Func<Tool>> tool, params Expression<Func<Tool>>[] tools);

    /// <summary>Says what happens to the dependencies when the target is skipped before anything runs.</summary>
    /// <param name="dependencyBehavior">The behaviour; they are skipped when this is not called.</param>
    ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior);

    /// <summary>Runs the target also after a failure or a signal, when it is in the plan.</summary>
    ITargetDefinition AssuredAfterFailure();

    /// <summary>Goes on with the plan when the target fails; the run has failed all the same.</summary>
    ITargetDefinition ProceedAfterFailure();

    /// <summary>Leaves the target out of <c>--help</c>.</summary>
    ITargetDefinition Unlisted();

    /// <summary>Adds what the overridden property of the base class defines.</summary>
    ITargetDefinition Base();

    /// <summary>Adds what other targets define.</summary>
    /// <param name="targets">The targets.</param>
    ITargetDefinition Inherit(params Target[] targets);

    /// <summary>Adds what the default body of a component's target defines.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition Inherit<T>(params Expression<Func<T, Target>>[] targets);

    /// <summary>Names the files that the target makes.</summary>
    /// <param name="artifacts">Paths, which may hold wildcards.</param>
    ITargetDefinition Produces(params string[] artifacts);

    /// <summary>Names targets whose files this one needs.</summary>
    /// <param name="targets">The targets.</param>
    ITargetDefinition Consumes(params Target[] targets);

    /// <summary>Names targets of a component whose files this one needs.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="targets">The targets.</param>
    ITargetDefinition Consumes<T>(params Func<T, Target>[] targets);

    /// <summary>Names files of a target that this one needs.</summary>
    /// <param name="target">The target.</param>
    /// <param name="artifacts">Paths, which may hold wildcards.</param>
    ITargetDefinition Consumes(Target target, params string[] artifacts);

    /// <summary>Names files of a component's target that this one needs.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="target">The target.</param>
    /// <param name="artifacts">Paths, which may hold wildcards.</param>
    ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts);

    /// <summary>Names files of a component's only target that this one needs.</summary>
    /// <typeparam name="T">The component.</typeparam>
    /// <param name="artifacts">Paths, which may hold wildcards.</param>
    ITargetDefinition Consumes<T>(params string[] artifacts);

    /// <summary>Runs between the setup and the cleanup of a component.</summary>
    /// <typeparam name="T">The component.</typeparam>
    ITargetDefinition DependsOnContext<T>()
        where T : INukeBuild;

    /// <summary>Says over how many machines the target may be split.</summary>
    /// <param name="size">At least 2.</param>
    ITargetDefinition Partition(int size);
}

using Nuke.Common.Execution;

namespace Nuke.Common;

/// <summary>Asks for a target in the collections of a build.</summary>
public static class ExecutableTargetExtensions
{
    /// <summary>Whether the target is among them.</summary>
    /// <param name="targets">The targets, for example <c>FailedTargets</c>.</param>
    /// <param name="target">The target.</param>
    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Target target) => Has(targets, target);

    /// <summary>Whether the setup is among them.</summary>
    /// <param name="targets">The targets, for example <c>FailedTargets</c>.</param>
    /// <param name="target">The setup.</param>
    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Setup target) => Has(targets, target);

    /// <summary>Whether the cleanup is among them.</summary>
    /// <param name="targets">The targets, for example <c>FailedTargets</c>.</param>
    /// <param name="target">The cleanup.</param>
    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Cleanup target) => Has(targets, target);

    private static bool Has(IEnumerable<ExecutableTarget> targets, Delegate factory) =>
        targets.Any(target => factory.Equals(target.Factory));
}

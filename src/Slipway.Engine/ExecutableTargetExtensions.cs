using Nuke.Common.Execution;

namespace Nuke.Common;

/// <summary>Questions about the targets of a build.</summary>
public static class ExecutableTargetExtensions
{
    /// <summary>True when a target is among others.</summary>
    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Target target) =>
        targets.Any(candidate => candidate.Factory.Equals(target));
}

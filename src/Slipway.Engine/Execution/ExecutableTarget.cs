using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>A target of the build, with its ties to others and its fate in this run.</summary>
[DebuggerDisplay("{Name} {Status}")]
public sealed class ExecutableTarget
{
    internal ExecutableTarget() { }

    /// <summary>The property that defines it.</summary>
    public PropertyInfo Member { get; internal init; } = null!; // Discovery sets it.

    /// <summary>The name to call it by.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>What it does, or null.</summary>
    public string? Description { get; internal set; }

    /// <summary>Whether <c>--help</c> lists it.</summary>
    public bool Listed { get; internal set; } = true;

    /// <summary>The delegate that the property returned.</summary>
    public Delegate? Factory { get; internal init; }

    /// <summary>The conditions evaluated at its turn.</summary>
    public List<(string Text, Func<bool> Delegate)> DynamicConditions { get; internal init; } = [];

    /// <summary>The conditions evaluated before anything runs.</summary>
    public List<(string Text, Func<bool> Delegate)> StaticConditions { get; internal init; } = [];

    /// <summary>What happens to its dependencies when it is skipped.</summary>
    public DependencyBehavior DependencyBehavior { get; internal set; }

    /// <summary>Whether it runs also after a failure.</summary>
    public bool AssuredAfterFailure { get; internal set; }

    /// <summary>Whether the plan goes on when it fails.</summary>
    public bool ProceedAfterFailure { get; internal set; }

    /// <summary>What must hold before anything runs.</summary>
    public List<LambdaExpression> DelegateRequirements { get; internal init; } = [];

    /// <summary>What it does, in order.</summary>
    public List<Action> Actions { get; internal init; } = [];

    /// <summary>The targets it brings into the plan, before itself.</summary>
    public ICollection<ExecutableTarget> ExecutionDependencies { get; } = new List<ExecutableTarget>();

    /// <summary>The targets it runs after when they are in the plan.</summary>
    public ICollection<ExecutableTarget> OrderDependencies { get; } = new List<ExecutableTarget>();

    /// <summary>The targets that bring it into the plan, after themselves.</summary>
    public ICollection<ExecutableTarget> TriggerDependencies { get; } = new List<ExecutableTarget>();

    /// <summary>The targets it brings into the plan, after itself.</summary>
    public ICollection<ExecutableTarget> Triggers { get; } = new List<ExecutableTarget>();

    /// <summary>All targets that come before it.</summary>
    public IReadOnlyCollection<ExecutableTarget> AllDependencies =>
        [.. ExecutionDependencies.Concat(OrderDependencies).Concat(TriggerDependencies).Distinct()];

    /// <summary>The files it needs, by the target that makes them.</summary>
    public ILookup<ExecutableTarget, string> ArtifactDependencies { get; internal set; } =
        Array.Empty<(ExecutableTarget, string)>().ToLookup(pair => pair.Item1, pair => pair.Item2);

    /// <summary>The files it makes.</summary>
    public ICollection<string> ArtifactProducts { get; internal init; } = new List<string>();

    /// <summary>Over how many machines it may be split, or null.</summary>
    public int? PartitionSize { get; internal set; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Duration { get; internal set; }

    /// <summary>Whether it runs when no target is named.</summary>
    public bool IsDefault { get; internal set; }

    /// <summary>Where it is in its life.</summary>
    public ExecutionStatus Status { get; internal set; }

    /// <summary>Whether it was named by the caller.</summary>
    public bool Invoked { get; internal set; }

    /// <summary>The evidence shown in the table.</summary>
    public IReadOnlyDictionary<string, string> SummaryInformation { get; internal set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Why it was skipped, when not by a condition of its own.</summary>
    public string? Skipped { get; internal set; }

    /// <summary>The conditions that did not hold.</summary>
    public string? OnlyWhen { get; internal set; }

    internal bool IsCleanup => Factory is Cleanup;
}

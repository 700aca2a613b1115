using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>A target of a build with its relations and its state.</summary>
public sealed class ExecutableTarget
{
    internal ExecutableTarget(MemberInfo member, string name, Target factory) =>
        (Member, Name, Factory) = (member, name, factory);

    /// <summary>The property that declares it.</summary>
    public MemberInfo Member { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its definition.</summary>
    public Delegate Factory { get; }

    /// <summary>What it does, in a sentence.</summary>
    public string? Description { get; internal set; }

    /// <summary>False when it is left out of the help.</summary>
    public bool Listed { get; internal set; } = true;

    /// <summary>Conditions looked at just before it runs.</summary>
    public List<(string Text, Func<bool> Delegate)> DynamicConditions { get; } = [];

    /// <summary>Conditions looked at before anything runs.</summary>
    public List<(string Text, Func<bool> Delegate)> StaticConditions { get; } = [];

    /// <summary>What happens to its dependencies when it is skipped.</summary>
    public DependencyBehavior DependencyBehavior { get; internal set; }

    /// <summary>Runs even after another one failed.</summary>
    public bool AssuredAfterFailure { get; internal set; }

    /// <summary>The others go on when it fails.</summary>
    public bool ProceedAfterFailure { get; internal set; }

    /// <summary>Members that must have a value, and conditions that must hold.</summary>
    public List<LambdaExpression> DelegateRequirements { get; } = [];

    /// <summary>What it does.</summary>
    public List<Action> Actions { get; } = [];

    /// <summary>Targets that must have run.</summary>
    public HashSet<ExecutableTarget> ExecutionDependencies { get; } = [];

    /// <summary>Targets that come earlier when both run.</summary>
    public HashSet<ExecutableTarget> OrderDependencies { get; } = [];

    /// <summary>Targets that make this one run after them.</summary>
    public HashSet<ExecutableTarget> TriggerDependencies { get; } = [];

    /// <summary>Targets that this one makes run after it.</summary>
    public HashSet<ExecutableTarget> Triggers { get; } = [];

    /// <summary>Everything that comes earlier.</summary>
    public IEnumerable<ExecutableTarget> AllDependencies =>
        ExecutionDependencies.Concat(OrderDependencies).Concat(TriggerDependencies);

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal set; }

    /// <summary>True for the build's default target.</summary>
    public bool IsDefault { get; internal set; }

    /// <summary>How far it has come.</summary>
    public ExecutionStatus Status { get; internal set; }

    /// <summary>True when it was named on the command line.</summary>
    public bool Invoked { get; internal set; }

    /// <summary>What it reported about itself.</summary>
    public Dictionary<string, string> SummaryInformation { get; } = [];

    /// <summary>Why it was skipped.</summary>
    public string? Skipped { get; internal set; }

    /// <summary>The condition that did not hold.</summary>
    public string? OnlyWhen { get; internal set; }

    /// <inheritdoc />
    public override string ToString() => Name;
}

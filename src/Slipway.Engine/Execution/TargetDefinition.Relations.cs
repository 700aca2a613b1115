namespace Nuke.Common.Execution;

/// <content>The verbs that tie targets to one another.</content>
internal sealed partial class TargetDefinition
{
    public ITargetDefinition DependsOn(params Target[] targets) => Relate(DependsOnList, targets);

    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) => Relate(DependsOnList, Resolve(targets));

    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) =>
        build is T ? DependsOn(targets) : this;

    public ITargetDefinition DependentFor(params Target[] targets) => Relate(DependentForList, targets);

    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) =>
        Relate(DependentForList, Resolve(targets));

    public ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets) =>
        build is T ? DependentFor(targets) : this;

    public ITargetDefinition Before(params Target[] targets) => Relate(BeforeList, targets);

    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Relate(BeforeList, Resolve(targets));

    public ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets) => build is T ? Before(targets) : this;

    public ITargetDefinition After(params Target[] targets) => Relate(AfterList, targets);

    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => Relate(AfterList, Resolve(targets));

    public ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets) => build is T ? After(targets) : this;

    public ITargetDefinition Triggers(params Target[] targets) => Relate(TriggersList, targets);

    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Relate(TriggersList, Resolve(targets));

    public ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets) => build is T ? Triggers(targets) : this;

    public ITargetDefinition TriggeredBy(params Target[] targets) => Relate(TriggeredByList, targets);

    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) =>
        Relate(TriggeredByList, Resolve(targets));

    public ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets) =>
        build is T ? TriggeredBy(targets) : this;

    internal List<Delegate> DependsOnList { get; } = [];

    internal List<Delegate> DependentForList { get; } = [];

    internal List<Delegate> BeforeList { get; } = [];

    internal List<Delegate> AfterList { get; } = [];

    internal List<Delegate> TriggersList { get; } = [];

    internal List<Delegate> TriggeredByList { get; } = [];
}

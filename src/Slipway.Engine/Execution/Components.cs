namespace Nuke.Common.Execution;

/// <summary>Finds the groups of targets that depend on one another in a circle (Tarjan's algorithm).</summary>
internal sealed class Components
{
    private readonly Dictionary<ExecutableTarget, int> _numbers = [];
    private readonly List<ExecutableTarget> _stack = [];
    private readonly List<IReadOnlyList<ExecutableTarget>> _found = [];

    private Components() { }

    public static IReadOnlyList<IReadOnlyList<ExecutableTarget>> Of(IReadOnlyList<ExecutableTarget> targets)
    {
        var components = new Components();
        foreach (var target in targets.Where(target => !components._numbers.ContainsKey(target)))
        {
            components.Visit(target);
        }

        return components._found;
    }

    private int Visit(ExecutableTarget target)
    {
        var index = _numbers.Count;
        var low = index;
        _numbers[target] = index;
        _stack.Add(target);
        foreach (var dependency in target.AllDependencies)
        {
            if (!_numbers.TryGetValue(dependency, out var known))
            {
                low = Math.Min(low, Visit(dependency));
            }
            else if (_stack.Contains(dependency))
            {
                low = Math.Min(low, known);
            }
        }

        if (low == index)
        {
            var start = _stack.LastIndexOf(target);
            _found.Add([.. Enumerable.Reverse(_stack[start..])]);
            _stack.RemoveRange(start, _stack.Count - start);
        }

        return low;
    }
}

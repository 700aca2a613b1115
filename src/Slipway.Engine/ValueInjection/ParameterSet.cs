using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>The values in force in this run.</summary>
internal sealed class ParameterSet(ParameterCatalog catalog)
{
    private readonly Dictionary<ParameterMember, (object? Value, string Source)> _values = [];

    public ParameterCatalog Catalog { get; } = catalog;

    public EngineOptions Options { get; } = new();

    public IReadOnlyDictionary<ParameterMember, (object? Value, string Source)> Values => _values;

    public void Set(ParameterMember parameter, object? value, string source) => _values[parameter] = (value, source);

    public object? ValueOf(MemberInfo member) =>
        Catalog.Find(member) is { } parameter && _values.TryGetValue(parameter, out var given) ? given.Value : null;
}

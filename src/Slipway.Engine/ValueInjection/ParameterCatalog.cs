using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>All parameters that a run understands: the build's, its components' and the engine's.</summary>
internal sealed class ParameterCatalog
{
    private const BindingFlags Declared =
        BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    private ParameterCatalog(IReadOnlyList<ParameterMember> members) => Members = members;

    public IReadOnlyList<ParameterMember> Members { get; }

    public IEnumerable<ParameterMember> OfBuild => Members.Where(member => !member.IsOption);

    public IEnumerable<ParameterMember> OfEngine => Members.Where(member => member.IsOption);

    public static ParameterCatalog Of(Type build)
    {
        var members = new List<ParameterMember>();
        for (var type = build; type is not null && type != typeof(object); type = type.BaseType)
        {
            Add(members, type, isOption: false);
        }

        foreach (var component in build.GetInterfaces().Where(type => typeof(INukeBuild).IsAssignableFrom(type)))
        {
            Add(members, component, isOption: false);
        }

        Add(members, typeof(EngineOptions), isOption: true);
        return new(members);
    }

    public ParameterMember? Find(string name)
    {
        var plain = Spelling.Plain(name);
        return plain.Length == 0
            ? null
            : Members.FirstOrDefault(member => string.Equals(member.Plain, plain, StringComparison.Ordinal));
    }

    public ParameterMember? Find(MemberInfo member) =>
        Members.FirstOrDefault(candidate =>
            candidate.Member.MetadataToken == member.MetadataToken && candidate.Member.Module == member.Module
        )
        // An override or a component's property that the class implements.
        ?? Members.FirstOrDefault(candidate =>
            !candidate.IsOption && string.Equals(candidate.Member.Name, member.Name, StringComparison.Ordinal)
        );

    private static void Add(List<ParameterMember> members, Type type, bool isOption)
    {
        foreach (var member in type.GetMembers(Declared))
        {
            if (
                member is FieldInfo or PropertyInfo
                && member.IsDefined(typeof(ParameterAttribute), inherit: false)
                && member.GetCustomAttribute<ParameterAttribute>() is { } attribute
            )
            {
                var parameter = new ParameterMember(member, attribute, isOption);
                if (!members.Exists(other => string.Equals(other.Plain, parameter.Plain, StringComparison.Ordinal)))
                {
                    members.Add(parameter);
                }
            }
        }
    }
}

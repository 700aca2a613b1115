using System.Reflection;

namespace Nuke.Common.Parameters;

/// <summary>A parameter of the build and the member it is kept in.</summary>
internal sealed class ParameterMember
{
    public ParameterMember(MemberInfo member, ParameterAttribute attribute)
    {
        Member = member;
        Attribute = attribute;
        Name = attribute.Name ?? member.Name;
        Option = Kebab(Name);
        Variable = Option.Replace('-', '_').ToUpperInvariant();
    }

    public MemberInfo Member { get; }

    public ParameterAttribute Attribute { get; }

    public string Name { get; }

    /// <summary>As on the command line, without the dashes.</summary>
    public string Option { get; }

    /// <summary>As in the environment, after <c>NUKE_</c>.</summary>
    public string Variable { get; }

    public Type Type => (Member as FieldInfo)?.FieldType ?? ((PropertyInfo)Member).PropertyType;

    public bool IsSwitch => (Nullable.GetUnderlyingType(Type) ?? Type) == typeof(bool);

    public bool IsSecret => Member.IsDefined(typeof(SecretAttribute));

    public bool IsRequired => Member.IsDefined(typeof(RequiredAttribute));

    public bool IsEngine => Member.DeclaringType == typeof(NukeBuild);

    public static IReadOnlyList<ParameterMember> Of(Type type) =>
        [
            .. Levels(type)
                .SelectMany(level =>
                    level.GetMembers(
                        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                    )
                )
                .Select(member => (Member: member, Attribute: member.GetCustomAttribute<ParameterAttribute>()))
                .Where(found => found.Attribute is not null)
                .Select(found => new ParameterMember(found.Member, found.Attribute!)),
        ];

    public bool Matches(string word) => string.Equals(Bare(word), Bare(Name), StringComparison.OrdinalIgnoreCase);

    public object? Get(NukeBuild build) =>
        Member is FieldInfo field ? field.GetValue(build) : ((PropertyInfo)Member).GetValue(build);

    public void Set(NukeBuild build, object? value)
    {
        if (Member is FieldInfo field)
        {
            field.SetValue(build, value);
        }
        else
        {
            ((PropertyInfo)Member).SetValue(build, value);
        }
    }

    private static string Bare(string word) => word.Replace("-", "", StringComparison.Ordinal);

    private static IEnumerable<Type> Levels(Type type)
    {
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            yield return level;
        }
    }

    private static string Kebab(string name)
    {
        var kebab = new System.Text.StringBuilder();
        for (var index = 0; index < name.Length; index++)
        {
            var starts = char.IsUpper(name[index]) && index > 0;
            var afterLower = starts && !char.IsUpper(name[index - 1]);
            var beforeLower = starts && index + 1 < name.Length && char.IsLower(name[index + 1]);
            if (afterLower || beforeLower)
            {
                kebab.Append('-');
            }

            kebab.Append(char.ToLowerInvariant(name[index]));
        }

        return kebab.ToString();
    }
}

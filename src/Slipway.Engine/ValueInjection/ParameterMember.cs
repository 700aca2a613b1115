using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>A member that can be given, under the names it can be given by.</summary>
internal sealed class ParameterMember
{
    /// <summary>What a variable begins with that can only be meant for a build.</summary>
    public const string Prefix = "NUKE_";

    public ParameterMember(MemberInfo member, ParameterAttribute attribute, bool isOption)
    {
        Member = member;
        Attribute = attribute;
        IsOption = isOption;
        Type = member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;
        var prefix = member.DeclaringType?.GetCustomAttribute<ParameterPrefixAttribute>()?.Prefix;
        Name = prefix + (attribute.Name ?? member.Name[(member.Name.LastIndexOf('.') + 1)..]);
        Plain = Spelling.Plain(Name);
        IsSecret = member.IsDefined(typeof(SecretAttribute), inherit: true);
        IsRequired = member.IsDefined(typeof(RequiredAttribute), inherit: true);
    }

    public MemberInfo Member { get; }

    public ParameterAttribute Attribute { get; }

    /// <summary>Whether it is the engine's own, such as <c>--skip</c>.</summary>
    public bool IsOption { get; }

    public Type Type { get; }

    public string Name { get; }

    public string Plain { get; }

    public bool IsSecret { get; }

    public bool IsRequired { get; }

    public string Switch => $"--{Spelling.Kebab(Name)}";

    /// <summary>The environment variable to name to a person.</summary>
    public string Variable => $"{(HasBareVariable ? "" : Prefix)}{Spelling.UpperSnake(Name)}";

    /// <summary>Whether a variable without the prefix counts too.</summary>
    public bool HasBareVariable => !IsOption && (IsSecret || Attribute.Name is not null);

    public bool IsArray => Type.IsArray;

    public bool IsFlag => (Nullable.GetUnderlyingType(Type) ?? Type) == typeof(bool);

    public bool IsNumber =>
        Type.GetTypeCode(Nullable.GetUnderlyingType(IsArray ? Type.GetElementType()! : Type) ?? Type)
            is >= TypeCode.SByte
                and <= TypeCode.Decimal;

    public object? Read(object instance) => MemberExpressions.ValueOf(Member, instance);

    /// <summary>Whether the engine writes the value into the member; a property without a setter asks for it instead.</summary>
    public bool IsWritable => Member is FieldInfo || ((PropertyInfo)Member).CanWrite;

    public void Write(object instance, object? value)
    {
        if (Member is FieldInfo field)
        {
            field.SetValue(field.IsStatic ? null : instance, value);
        }
        else if (Member is PropertyInfo { CanWrite: true } property)
        {
            property.SetValue(instance, value);
        }
    }
}

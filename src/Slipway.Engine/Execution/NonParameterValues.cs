using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Gives members with an injection attribute of their own their values, after the parameters.</summary>
internal static class NonParameterValues
{
    private const BindingFlags Members =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static void Inject(NukeBuild build)
    {
        var found = new List<(MemberInfo Member, ValueInjectionAttributeBase Attribute)>();
        foreach (var member in build.GetType().GetMembers(Members))
        {
            // IsDefined is the cheap question, and nearly always the answer is no.
            if (
                member is FieldInfo or PropertyInfo
                && member.IsDefined(typeof(ValueInjectionAttributeBase), inherit: true)
                && member.GetCustomAttribute<ValueInjectionAttributeBase>() is { } attribute and not ParameterAttribute
            )
            {
                found.Add((member, attribute));
            }
        }

        foreach (var (member, attribute) in found.OrderByDescending(pair => pair.Attribute.Priority))
        {
            attribute.Build = build;
            if (attribute.TryGetValue(member, build) is { } value)
            {
                Write(member, build, value);
            }
        }
    }

    private static void Write(MemberInfo member, NukeBuild build, object value)
    {
        if (member is FieldInfo field)
        {
            field.SetValue(field.IsStatic ? null : build, value);
        }
        else if (member is PropertyInfo { CanWrite: true } property)
        {
            property.SetValue(build, value);
        }
    }
}

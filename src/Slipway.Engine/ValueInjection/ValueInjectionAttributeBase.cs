using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>Base of the attributes that give a member of the build its value.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class ValueInjectionAttributeBase : Attribute
{
    /// <summary>The build whose member gets the value.</summary>
    public INukeBuild? Build { get; internal set; }

    /// <summary>Members with a higher priority are injected first.</summary>
    public virtual int Priority { get; set; }

    /// <summary>Whether a failure is kept quiet.</summary>
    public bool SuppressWarnings { get; set; }

    /// <summary>The value of the member, or null to leave it as it is.</summary>
    /// <param name="member">The field or property.</param>
    /// <param name="instance">The build.</param>
    public abstract object? GetValue(MemberInfo member, object instance);

    /// <summary>The value of the member, or null when it cannot be found.</summary>
    /// <param name="member">The field or property.</param>
    /// <param name="instance">The build.</param>
    public object? TryGetValue(MemberInfo member, object instance)
    {
        try
        {
            return GetValue(member, instance);
        }
        catch (Exception exception) when (SuppressWarnings)
        {
            Serilog.Log.Verbose(exception, "Could not inject {Member}", member.Name);
            return null;
        }
    }
}

using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Calls a property getter as its declaring type wrote it, past every override.</summary>
internal static class NonVirtual
{
    public static object? Get(MethodInfo getter, object instance)
    {
        // A delegate made over the function pointer does not dispatch virtually; reflection's Invoke would.
        var type = typeof(Func<>).MakeGenericType(getter.ReturnType);
        var pointer = getter.MethodHandle.GetFunctionPointer();
        return ((Delegate)Activator.CreateInstance(type, instance, pointer)!).DynamicInvoke();
    }

    public static MethodInfo? BaseOf(MethodInfo? getter)
    {
        for (var type = getter?.DeclaringType?.BaseType; type is not null; type = type.BaseType)
        {
            var found = type.GetMethod(
                getter!.Name,
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
            );
            if (found?.GetBaseDefinition() == getter.GetBaseDefinition())
            {
                return found;
            }
        }

        return null;
    }
}

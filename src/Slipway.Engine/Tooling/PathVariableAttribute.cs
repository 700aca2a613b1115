using System.Reflection;
using Nuke.Common.ValueInjection;
using Serilog;

namespace Nuke.Common.Tooling;

/// <summary>
/// Gives a <see cref="Tool"/> the program of its name: from the environment variable <c>NAME_EXE</c>, or from PATH. It stays
/// null when there is none; <c>Requires(() => Member)</c> refuses a run without it.
/// </summary>
/// <param name="name">The program's name, when it is not the member's in small letters.</param>
#pragma warning disable MA0053 // Builds may derive from it, as with NUKE.
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public class PathVariableAttribute(string? name = null) : ValueInjectionAttributeBase
{
    /// <inheritdoc />
    public override object? GetValue(MemberInfo member, object instance)
    {
        var program = name ?? member.Name.ToLowerInvariant();
        if (ToolResolver.TryGetEnvironmentTool(program) is { } tool)
        {
            return tool;
        }

        if (ToolResolver.FindOnPath(program) is { } path)
        {
            return ToolResolver.GetTool(path);
        }

        if (!SuppressWarnings)
        {
            Log.Warning("{Member:l}: program '{Program:l}' is not on PATH", member.Name, program);
        }

        return null;
    }
}

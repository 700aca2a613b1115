using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Tooling;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Checks before anything runs that what the scheduled targets require is there.</summary>
internal sealed class Requirements(INukeBuild build, ParameterCatalog catalog)
{
    public IEnumerable<string> Problems(IEnumerable<ExecutableTarget> plan)
    {
        // What several targets miss is said once, with all of them.
        var missing =
            from target in plan
            where target.Status == ExecutionStatus.Scheduled
            from requirement in target.DelegateRequirements
            let problem = Check(requirement)
            where problem is not null
            group target.Name by problem;
        foreach (var problem in missing)
        {
            yield return $"{problem.Key}; needed by {string.Join(", ", problem.Distinct())}";
        }

        foreach (var parameter in catalog.OfBuild.Where(parameter => parameter.IsRequired))
        {
            if (IsMissing(parameter.Read(build)))
            {
                yield return $"{Describe(parameter)} is required";
            }
        }
    }

    private static bool IsMissing(object? value) =>
        value is null || (value is string text && string.IsNullOrWhiteSpace(text));

    private static string Describe(ParameterMember parameter)
    {
        var description = parameter.Attribute.Description is { } text ? $" ({text.TrimEnd('.')})" : "";
        return $"Parameter {parameter.Switch}, or environment variable {parameter.Variable},{description}".TrimEnd(',');
    }

    private string? Check(LambdaExpression requirement)
    {
        var member = MemberExpressions.TryMemberOf(requirement);
        if (member is not null && !member.DeclaringType!.IsInstanceOfType(build))
        {
            member = null; // A local variable, which only the compiled lambda can read.
        }

        if (requirement.ReturnType == typeof(bool))
        {
            return CheckCondition(requirement, member);
        }

        var parameter = member is null ? null : catalog.Find(member);
        if (member is not null && parameter is null && !member.IsDefined(typeof(ValueInjectionAttributeBase)))
        {
            return $"Member '{member.Name}' is required but not marked with an injection attribute";
        }

        // Asked for itself, because at the first check nothing is injected yet.
        if (member?.GetCustomAttribute<PathVariableAttribute>() is { } tool)
        {
            tool.SuppressWarnings = true;
            return tool.GetValue(member, build) is null ? $"The program of '{member.Name}' must be on PATH" : null;
        }

        var value = member is null
            ? requirement.Compile(preferInterpretation: true).DynamicInvoke()
            : MemberExpressions.ValueOf(member, build);
        return !IsMissing(value) ? null
            : parameter is not null ? $"{Describe(parameter)} is required"
            : $"Member '{member?.Name ?? requirement.Body.ToString()}' must not be null or empty";
    }

    private string? CheckCondition(LambdaExpression requirement, MemberInfo? member)
    {
        var holds = member is null
            ? ((Expression<Func<bool>>)requirement).Compile(preferInterpretation: true)()
            : (bool)MemberExpressions.ValueOf(member, build)!;
        return holds ? null : $"It must be that {RequirementText.Of(requirement.Body)}";
    }
}

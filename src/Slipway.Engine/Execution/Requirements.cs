using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Parameters;

namespace Nuke.Common.Execution;

/// <summary>Finds what a plan requires and does not have.</summary>
internal sealed class Requirements(NukeBuild build, IReadOnlyList<ParameterMember> parameters)
{
    public IEnumerable<string> Missing()
    {
        foreach (var parameter in parameters.Where(parameter => parameter.IsRequired && IsEmpty(parameter.Get(build))))
        {
            yield return $"Parameter {parameter.Name} is required: give it with --{parameter.Option} <value>";
        }

        var needs =
            from target in build.ExecutionPlan
            where target.Status is ExecutionStatus.Scheduled
            from requirement in target.DelegateRequirements
            let problem = Problem(requirement)
            where problem is not null
            group target.Name by problem;
        foreach (var need in needs)
        {
            yield return $"{need.Key} (required by {string.Join(", ", need)})";
        }
    }

    private string? Problem(LambdaExpression requirement)
    {
        var body = requirement.Body is UnaryExpression { NodeType: ExpressionType.Convert } cast
            ? cast.Operand
            : requirement.Body;
        if (requirement.ReturnType == typeof(bool))
        {
            var holds = ((Func<bool>)requirement.Compile(preferInterpretation: true))();
            return holds ? null : $"It must be that {body}";
        }

        var member = (body as MemberExpression)?.Member;
        if (member is null || !IsEmpty(Value(member)))
        {
            return null;
        }

        var parameter = parameters.FirstOrDefault(parameter => parameter.Member.Name == member.Name);
        return parameter is null
            ? $"Member {member.Name} has no value"
            : $"Parameter {parameter.Name} is missing: give it with --{parameter.Option} <value>";
    }

    private object? Value(MemberInfo member) =>
        member is FieldInfo field
            ? field.GetValue(field.IsStatic ? null : build)
            : ((PropertyInfo)member).GetValue(((PropertyInfo)member).GetMethod!.IsStatic ? null : build);

    private static bool IsEmpty(object? value) =>
        value is null || (value is string text && string.IsNullOrWhiteSpace(text));
}

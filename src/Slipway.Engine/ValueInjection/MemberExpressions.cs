using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>Reads members out of lambdas without compiling them, which would cost the start much time.</summary>
internal static class MemberExpressions
{
    public static MemberInfo MemberOf(LambdaExpression lambda) =>
        TryMemberOf(lambda)
        ?? throw new InvalidOperationException($"'{lambda.Body}' must be a field or property of the build");

    public static MemberInfo? TryMemberOf(LambdaExpression lambda) =>
        Inner(lambda.Body)
            is MemberExpression
            {
                Expression: null or ConstantExpression or ParameterExpression or UnaryExpression
            } access
            ? access.Member
            : null;

    public static object? ValueOf(MemberInfo member, object build)
    {
        var instance = member.DeclaringType!.IsInstanceOfType(build) ? build : null;
        return member switch
        {
            FieldInfo field => field.GetValue(instance),
            PropertyInfo property => property.GetValue(instance),
            _ => throw new InvalidOperationException($"{member.Name} must be a field or property"),
        };
    }

    private static Expression Inner(Expression body) =>
        body is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion
            ? Inner(conversion.Operand)
            : body;
}

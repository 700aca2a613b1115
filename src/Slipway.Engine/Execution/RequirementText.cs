using System.Linq.Expressions;

namespace Nuke.Common.Execution;

/// <summary>Shows the expression of a requirement without the noise of how the compiler holds it.</summary>
internal static class RequirementText
{
    public static string Of(Expression body)
    {
        var text = body.ToString();
        // Members of the build print as value(Type).Name, and only the name says something.
        for (
            var start = text.IndexOf("value(", StringComparison.Ordinal);
            start >= 0;
            start = text.IndexOf("value(", StringComparison.Ordinal)
        )
        {
            var end = text.IndexOf(").", start, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            text = text[..start] + text[(end + 2)..];
        }

        return text;
    }
}

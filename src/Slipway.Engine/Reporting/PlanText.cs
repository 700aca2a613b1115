using Nuke.Common.Execution;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Reporting;

/// <summary>The execution plan as text: what runs, in which order, and why.</summary>
internal static class PlanText
{
    public static void Write(TextWriter writer, IReadOnlyCollection<ExecutableTarget> plan, ParameterSet parameters)
    {
        writer.WriteLine("Execution plan:");
        writer.WriteLine();
        var width = plan.Count.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        var number = 0;
        foreach (var target in plan)
        {
            number++;
            var label = number.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(width);
            var skipped = target.Status == ExecutionStatus.Skipped ? "   [skipped]" : "";
            writer.WriteLine($"  {label}. {target.Name}{skipped}");
            foreach (
                var line in Details(target, plan, parameters).SelectMany(text => ResultTable.Wrap(text, 92 - width))
            )
            {
                writer.WriteLine($"  {new string(' ', width)}  {line}");
            }
        }

        writer.WriteLine();
        writer.WriteLine("Nothing was run.");
    }

    private static IEnumerable<string> Details(
        ExecutableTarget target,
        IReadOnlyCollection<ExecutableTarget> plan,
        ParameterSet parameters
    )
    {
        if (target.Description is { } description)
        {
            yield return description.Replace("{default_target}", HelpText.DefaultName(plan), StringComparison.Ordinal);
        }

        yield return $"Why: {string.Join("; ", Reasons(target, plan))}";
        if (target.Status == ExecutionStatus.Skipped && target.Skipped is { } reason)
        {
            yield return $"Skipped: {reason}";
        }

        foreach (var (text, _) in target.StaticConditions.Concat(target.DynamicConditions))
        {
            yield return $"Only when: {text}";
        }

        foreach (var requirement in target.DelegateRequirements)
        {
            var member = MemberExpressions.TryMemberOf(requirement);
            var parameter = member is null ? null : parameters.Catalog.Find(member);
            var given =
                parameter is null ? ""
                : parameters.Values.ContainsKey(parameter) ? " (given)"
                : " (not given)";
            yield return $"Requires: {parameter?.Switch ?? RequirementText.Of(requirement.Body)}{given}";
        }

        if (target.AssuredAfterFailure)
        {
            yield return "Runs also after a failure or a signal.";
        }

        if (target.ProceedAfterFailure)
        {
            yield return "When it fails, the others still run.";
        }
    }

    private static IEnumerable<string> Reasons(ExecutableTarget target, IReadOnlyCollection<ExecutableTarget> plan)
    {
        if (target.Invoked)
        {
            yield return "named by the caller";
        }
        else if (target.IsDefault && plan.All(other => !other.Invoked))
        {
            yield return "the default target";
        }

        var dependents = plan.Where(other => other.ExecutionDependencies.Contains(target)).ToList();
        if (dependents.Count > 0)
        {
            yield return $"{string.Join(", ", dependents.Select(other => other.Name))} depends on it";
        }

        var causes = plan.Where(other => other.Triggers.Contains(target)).ToList();
        if (causes.Count > 0)
        {
            yield return $"triggered by {string.Join(", ", causes.Select(other => other.Name))}";
        }
    }
}

using System.Globalization;
using System.Reflection;
using Nuke.Common.Execution;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Reporting;

/// <summary>The help: targets in groups, parameters with defaults and environment variables.</summary>
internal static class HelpText
{
    private const int Width = 100;

    public static string DefaultName(IEnumerable<ExecutableTarget> targets) =>
        string.Join(", ", targets.Where(target => target.IsDefault).Select(target => target.Name));

    /// <summary>The values that parameters have before any is given, read from the build that was just made.</summary>
    public static IReadOnlyDictionary<ParameterMember, string> Defaults(NukeBuild build, ParameterSet parameters)
    {
        var session = EngineSession.Current;
        var defaults = new Dictionary<ParameterMember, string>();
        // Components ask for their values, and with none given they answer with their defaults.
        session.Parameters = new ParameterSet(parameters.Catalog);
        foreach (var parameter in parameters.Catalog.OfBuild.Where(parameter => !parameter.IsSecret))
        {
            if (
                TryRead(parameter, build) is { Length: > 0 } text
                && !(parameter.IsFlag && string.Equals(text, bool.FalseString, StringComparison.Ordinal))
            )
            {
                defaults[parameter] = text;
            }
        }

        session.Parameters = parameters;
        return defaults;
    }

    public static void Write(
        TextWriter writer,
        NukeBuild build,
        ParameterCatalog catalog,
        IReadOnlyDictionary<ParameterMember, string> defaults
    )
    {
        WriteTargets(writer, build.ExecutableTargets);
        var defaultTarget = DefaultName(build.ExecutableTargets);
        var listed = catalog
            .OfBuild.Where(parameter => parameter.Attribute.List)
            .OrderBy(p => p.Switch, StringComparer.Ordinal);
        var options = catalog
            .OfEngine.Where(parameter => parameter.Attribute.List)
            .OrderBy(p => p.Switch, StringComparer.Ordinal);
        var width = catalog.Members.Where(p => p.Attribute.List).Max(parameter => parameter.Switch.Length) + 4;
        WriteParameters(writer, "Parameters", listed.Select(p => (p.Switch, Describe(p, defaults))), width);
        WriteParameters(
            writer,
            "Parameters of the engine, from the environment only as NUKE_<NAME>",
            options.Select(p =>
                (
                    p.Switch,
                    p.Attribute.Description!.Replace("{default_target}", defaultTarget, StringComparison.Ordinal)
                )
            ),
            width
        );
    }

    private static string? TryRead(ParameterMember parameter, NukeBuild build)
    {
        try
        {
            return parameter.Read(build) switch
            {
                null => null,
                Array array => string.Join(parameter.Attribute.Separator ?? " ", array.Cast<object?>()),
                var value => Convert.ToString(value, CultureInfo.InvariantCulture),
            };
        }
        catch (TargetInvocationException)
        {
            // A default that depends on what is not given is no default that could be shown.
            return null;
        }
    }

    private static void WriteTargets(TextWriter writer, IReadOnlyList<ExecutableTarget> targets)
    {
        var chain = Planner.Plan(targets, invoked: null).Where(target => target.Listed).ToList();
        var others = targets.Where(target => target.Listed && !chain.Contains(target)).ToList();
        var width = chain.Concat(others).Select(target => Title(target).Length).DefaultIfEmpty().Max() + 2;
        writer.WriteLine("Targets (with their direct dependencies):");
        var groups = new[] { ($"{DefaultName(targets)} and what it brings, in order", chain), ("Others", others) };
        foreach (var (title, group) in groups.Where(group => group.Item2.Count > 0))
        {
            writer.WriteLine();
            if (chain.Count > 0)
            {
                writer.WriteLine($"  {title}:");
            }

            group.ForEach(target => WriteTarget(writer, target, width));
        }
    }

    private static string Title(ExecutableTarget target) => target.Name + (target.IsDefault ? " (default)" : "");

    private static void WriteTarget(TextWriter writer, ExecutableTarget target, int width)
    {
        var dependencies = target.ExecutionDependencies.Where(other => other.Listed).Select(other => other.Name);
        var arrow = string.Join(", ", dependencies);
        var title = Title(target);
        var lines = arrow.Length == 0 ? [] : ResultTable.Wrap(arrow, Width - width - 8).ToList();
        writer.WriteLine(lines.Count == 0 ? $"    {title}" : $"    {title.PadRight(width)} -> {lines[0]}");
        foreach (var line in lines.Skip(1))
        {
            writer.WriteLine(new string(' ', width + 8) + line);
        }

        foreach (var line in ResultTable.Wrap(target.Description ?? "", Width - 6))
        {
            writer.WriteLine($"      {line}");
        }
    }

    private static string Describe(ParameterMember parameter, IReadOnlyDictionary<ParameterMember, string> defaults)
    {
        var parts = new List<string> { parameter.Attribute.Description ?? "<no description>" };
        if (ValueConverter.NamesOf(parameter.Type) is { } names)
        {
            parts.Add($"One of {string.Join(", ", names)}.");
        }

        if (defaults.TryGetValue(parameter, out var value))
        {
            parts.Add($"Default is '{value}'.");
        }

        parts.Add(parameter.IsSecret ? $"Secret: {parameter.Variable}" : $"[{parameter.Variable}]");
        return string.Join(' ', parts);
    }

    private static void WriteParameters(
        TextWriter writer,
        string title,
        IEnumerable<(string Switch, string Text)> parameters,
        int width
    )
    {
        var first = true;
        foreach (var (name, text) in parameters)
        {
            if (first)
            {
                writer.WriteLine();
                writer.WriteLine($"{title}:");
                writer.WriteLine();
                first = false;
            }

            var lines = ResultTable.Wrap(text, Width - width - 2).ToList();
            writer.WriteLine($"  {name.PadRight(width)}{lines[0]}");
            foreach (var line in lines.Skip(1))
            {
                writer.WriteLine(new string(' ', width + 2) + line);
            }
        }
    }
}

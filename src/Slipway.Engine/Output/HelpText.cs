using System.Text;
using Nuke.Common.Execution;
using Nuke.Common.Parameters;

namespace Nuke.Common.Output;

/// <summary>The texts of <c>--help</c> and <c>--plan</c>.</summary>
internal static class HelpText
{
    private const int Width = 100;

    private static readonly (string Name, string Text)[] Engine =
    [
        (
            "--skip [targets]",
            "Leaves targets out; without names everything that was not named. Assured targets always run."
        ),
        ("--root <folder>", "Folder of the project; default is the nearest one with a folder .nuke."),
        ("--profile <name>", "Reads .nuke/parameters.<name>.json too."),
    ];

    public static string Help(
        IReadOnlyList<ExecutableTarget> targets,
        IReadOnlyList<ParameterMember> parameters,
        NukeBuild build
    )
    {
        var text = new StringBuilder("Usage: ./build.sh [targets] [--parameter value]\n");
        var chain = Chain(targets);
        var width = targets.Max(target => target.Name.Length) + 2;
        Group("The chain, in order", chain);
        Group("Other targets", [.. targets.Except(chain)]);
        text.Append("\nParameters (also as environment variables):\n");
        foreach (var parameter in parameters.Where(parameter => parameter.Attribute.List))
        {
            var value = parameter.IsSecret || parameter.IsEngine ? null : parameter.Get(build);
            var shown = value is null or false or "" or Array { Length: 0 } ? "" : $" Default is {value}.";
            Entry(
                text,
                $"--{parameter.Option}",
                22,
                $"{parameter.Attribute.Description}{shown} [NUKE_{parameter.Variable}]"
            );
        }

        foreach (var (name, description) in Engine)
        {
            Entry(text, name, 22, description);
        }

        text.Append(
            "\nExit codes: 0 done, 1 failed (nothing changed or rolled back), 2 bad parameters or settings, 3 refused,\n"
        );
        text.Append("            4 needs a person, 130/143 interrupted. A second Ctrl-C kills.\n");
        return text.ToString();

        void Group(string title, IReadOnlyList<ExecutableTarget> members)
        {
            var listed = members.Where(target => target.Listed).ToList();
            if (listed.Count > 0)
            {
                text.Append('\n').Append(title).Append(":\n");
                listed.ForEach(target => Entry(text, target.Name, width, target.Description ?? ""));
            }
        }
    }

    public static string Plan(IReadOnlyList<ExecutableTarget> plan)
    {
        var text = new StringBuilder("These targets would run, in this order; nothing runs now:\n");
        var width = plan.Max(target => target.Name.Length) + 2;
        for (var index = 0; index < plan.Count; index++)
        {
            var target = plan[index];
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{index + 1, 3}. ");
            Entry(text, target.Name, width, $"{target.Description} [{Why(target, plan)}]", indent: 5);
        }

        return text.ToString();
    }

    private static string Why(ExecutableTarget target, IReadOnlyList<ExecutableTarget> plan)
    {
        var users = plan.Where(other => other.ExecutionDependencies.Contains(target))
            .Select(other => other.Name)
            .ToList();
        var triggers = plan.Where(other => other.Triggers.Contains(target)).Select(other => other.Name).ToList();
        return target.Invoked ? "named"
            : users.Count > 0 ? $"needed by {string.Join(", ", users)}"
            : triggers.Count > 0
                ? $"triggered by {string.Join(", ", triggers)}{(target.AssuredAfterFailure ? ", also after a failure" : "")}"
            : "default";
    }

    // The target that needs the most others is what the build is for.
    private static List<ExecutableTarget> Chain(IReadOnlyList<ExecutableTarget> targets)
    {
        var main = targets.MaxBy(target => Planner.Plan(targets, [target]).Count(other => other.Listed));
        return main is null ? [] : [main, .. Planner.Plan(targets, [main]).Where(target => target != main)];
    }

    private static void Entry(StringBuilder text, string name, int width, string description, int indent = 2)
    {
        var line = $"{new string(' ', indent == 2 ? 2 : 0)}{name.PadRight(width)}";
        var taken = indent + width;
        foreach (var word in description.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (taken + word.Length + 1 > Width)
            {
                text.Append(line.TrimEnd()).Append('\n');
                line = new string(' ', indent + width);
                taken = indent + width;
            }

            line += $"{word} ";
            taken += word.Length + 1;
        }

        text.Append(line.TrimEnd()).Append('\n');
    }
}

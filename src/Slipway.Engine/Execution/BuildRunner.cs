using System.Collections.Concurrent;
using System.Linq.Expressions;
using Nuke.Common.Output;
using Nuke.Common.Parameters;

namespace Nuke.Common.Execution;

/// <summary>Takes a build from the command line to its exit code.</summary>
internal static class BuildRunner
{
    private const int BadInput = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static int Run<T>(Expression<Func<T, Target>>[] defaults)
        where T : NukeBuild, new()
    {
        var masks = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        AppContext.SetData("Slipway.Masks", masks);
        using var console = BuildConsole.Open(masks);
        try
        {
            using var log = RunLog.Open(NukeBuild.TemporaryDirectory!, masks);
            var output = console.Output(log);
            return Run(new T(), defaults, output, masks);
        }
        catch (UsageException exception)
        {
            console.Error(exception.Message);
            return BadInput;
        }
    }

    private static int Run<T>(
        T build,
        Expression<Func<T, Target>>[] defaults,
        BuildOutput output,
        ConcurrentDictionary<string, byte> masks
    )
        where T : NukeBuild
    {
        var targets = TargetFactory.Create(build, [.. defaults.Select(target => Default(build, target))]);
        var parameters = ParameterMember.Of(typeof(T));
        var line = CommandLine.Parse(
            Environment.GetCommandLineArgs()[1..],
            name => parameters.Any(parameter => parameter.IsSwitch && parameter.Matches(name))
        );
        var problems = SetParameters(build, parameters, line, masks, output);
        build.OnBuildCreated();
        BuildSchema.Write(targets, parameters);
        var named = Named(targets, line, problems);
        if (problems.Count > 0)
        {
            output.Problems(problems);
            return BadInput;
        }

        if (build.Help || (named.Count == 0 && defaults.Length == 0))
        {
            output.Line(HelpText.Help(targets, parameters, build));
            return 0;
        }

        return Run(build, Planner.Plan(targets, named.Count == 0 ? null : named), parameters, line, output);
    }

    private static int Run(
        NukeBuild build,
        IReadOnlyList<ExecutableTarget> plan,
        IReadOnlyList<ParameterMember> parameters,
        CommandLine line,
        BuildOutput output
    )
    {
        foreach (var target in plan)
        {
            target.Status = ExecutionStatus.Scheduled;
        }

        build.ExecutionPlan = [.. plan];
        if (build.Plan)
        {
            output.Line(HelpText.Plan(plan));
            return 0;
        }

        build.OnBuildInitialized();
        var missing = new Requirements(build, parameters).Missing().ToList();
        if (missing.Count > 0)
        {
            output.Problems(missing);
            return BadInput;
        }

        using var interruption = new Interruption(output.Line);
        var executor = new BuildExecutor(build, output, interruption, Patience);
        executor.Execute(line.Options.LastOrDefault(option => option.Name is "skip")?.Values);
        var succeeded =
            build.FailedTargets.Count == 0 && build.AbortedTargets.Count == 0 && interruption.ExitCode is null;
        output.Summary(plan, succeeded, TimeProvider.System.GetLocalNow());
        JobSummary.Write(plan);
        build.OnBuildFinished();
        return interruption.ExitCode ?? build.ExitCode ?? executor.ExitCode ?? 0;
    }

    private static List<string> SetParameters(
        NukeBuild build,
        IReadOnlyList<ParameterMember> parameters,
        CommandLine line,
        ConcurrentDictionary<string, byte> masks,
        BuildOutput output
    )
    {
        var reader = new ParameterReader(build, parameters, BuildContext.Variables());
        var profiles = line.Options.Where(option => option.Name is "profile").SelectMany(option => option.Values);
        reader.Apply(line, NukeBuild.RootDirectory!, [.. profiles]);
        foreach (
            var secret in parameters.Where(parameter => parameter.IsSecret).Select(parameter => parameter.Get(build))
        )
        {
            if (secret?.ToString() is { Length: >= 4 } value)
            {
                masks.TryAdd(value, 0);
                masks.TryAdd(Uri.EscapeDataString(value), 0);
                output.Hide(value);
            }
        }

        return reader.Problems;
    }

    private static List<ExecutableTarget> Named(
        IReadOnlyList<ExecutableTarget> targets,
        CommandLine line,
        List<string> problems
    )
    {
        var options = line.Options.Where(option => option.Name is "target").SelectMany(option => option.Values);
        var skipped = line.Options.Where(option => option.Name is "skip").SelectMany(option => option.Values);
        Find(skipped);
        var named = Find(line.Targets.Concat(options));
        named.ForEach(target => target.Invoked = true);
        return named;

        List<ExecutableTarget> Find(IEnumerable<string> names)
        {
            var found = new List<ExecutableTarget>();
            foreach (var name in names)
            {
                var bare = name.Replace("-", "", StringComparison.Ordinal);
                if (
                    targets.FirstOrDefault(target => target.Name.Equals(bare, StringComparison.OrdinalIgnoreCase)) is
                    { } target
                )
                {
                    found.Add(target);
                    continue;
                }

                var listed = targets.Where(target => target.Listed).Select(target => target.Name).ToList();
                problems.Add(
                    $"There is no target {name}.{Nearest.Hint(name, listed)} Targets: {string.Join(", ", listed)}"
                );
            }

            return found;
        }
    }

    private static Target Default<T>(T build, Expression<Func<T, Target>> target) =>
        (Target)((System.Reflection.PropertyInfo)((MemberExpression)target.Body).Member).GetValue(build)!;
}

using System.Linq.Expressions;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Reporting;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Takes a build from its arguments to its exit code.</summary>
internal sealed class BuildRunner
{
    private readonly EngineSession _session;
    private readonly RunConsole _console;
    private readonly ParameterBinder _binder;
    private readonly ParameterSet _parameters;
    private readonly List<string> _problems = [];

    private BuildRunner(EngineSession session, Type type, MaskingWriter output)
    {
        _session = session;
        _binder = new(ParameterCatalog.Of(type), session.Input, session.Root, session.Masks);
        session.Parameters = _parameters = _binder.Bind();
        _problems.AddRange(_binder.Problems);
        ApplyOptions();
        var colours = session.Input.IsTerminal && string.IsNullOrEmpty(session.Input.Variable("NO_COLOR"));
        _console = new(session, output, new Ansi(colours), DisabledOutputs(type));
    }

    public static int Run<T>(EngineSession session, Func<T> create, params Expression<Func<T, Target>>[] defaultTargets)
        where T : NukeBuild
    {
        session.Masks.Publish();
        AppContext.SetData("Slipway.Command", session.Command);
        var output = new MaskingWriter(session.Input.Output, session.Masks, session.Host is GitHubActions)
        {
            Copy = new LogCopy(session),
        };
        var error = new MaskingWriter(session.Input.Error, session.Masks, announces: false)
        {
            Copy = new LogCopy(session),
        };
        EngineInput.Redirect(output, error);
        session.Console = output;
        try
        {
            var names = defaultTargets.Select(target => MemberExpressions.MemberOf(target).Name).ToList();
            var runner = new BuildRunner(session, typeof(T), output);
#pragma warning disable VSTHRD002 // NUKE's Execute is synchronous, and no synchronisation context exists.
            return runner.RunAsync(create, names).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
        finally
        {
            output.Complete();
            // The console stays redirected: a target that did not stop may still write, and must not leak.
            error.Complete();
        }
    }

    private static HashSet<DefaultOutput> DisabledOutputs(Type type) =>
        [
            .. type.GetCustomAttributes(typeof(DisableDefaultOutputAttribute), inherit: true)
                .Cast<DisableDefaultOutputAttribute>()
                .SelectMany(attribute => attribute.DisabledOutputs),
        ];

    private void ApplyOptions()
    {
        if (_session.RootProblem is { } rootProblem)
        {
            _problems.Add(rootProblem);
        }

        _session.Verbosity = _parameters.Options.Verbosity ?? Verbosity.Normal;
        if (_parameters.Options.Host is { } name)
        {
            if (Host.ByName(name, _session.Input) is { } host)
            {
                _session.Host = host;
            }
            else
            {
                _problems.Add($"Parameter --host: '{name}' is not one of {string.Join(", ", Host.Names)}");
            }
        }

        if (_parameters.Options.PartitionText is { } text && CI.Partition.TryParse(text) is null)
        {
            _problems.Add($"Parameter --partition: '{text}' is not of the form 2/5");
        }
    }

    private async Task<int> RunAsync(Func<NukeBuild> create, List<string> defaults)
    {
        NukeBuild build;
        try
        {
            build = create();
            build.ExecutableTargets = new TargetDiscovery(build).Discover(defaults);
            Planner.CheckCycles(build.ExecutableTargets);
            build.Events = new BuildEvents(build);
        }
        // The build is written in a way that no run of it can start.
        catch (Exception exception)
        {
            var cause = FailureFacts.Unwrap(exception);
            return _console.Refuse([cause is InvalidOperationException ? cause.Message : cause.ToString()]);
        }

        return Answer(build, defaults)
            ?? Prepare(build)
            ?? await new BuildRun(_session, build, _console, _parameters).ExecuteAsync();
    }

    /// <summary>Prints what was asked for instead of a run, or returns null.</summary>
    private int? Answer(NukeBuild build, List<string> defaults)
    {
        if (SchemaFile.Completion(_session, build.ExecutableTargets, _parameters.Catalog) is { } completions)
        {
            _console.Writer.WriteLine(completions);
            return 0;
        }

        // Help is given to whoever asks for it, but who asked for something else in a wrong way is told so.
        var nothingNamed = defaults.Count == 0 && _parameters.Options.Target.Length == 0 && _problems.Count == 0;
        if (!_parameters.Options.Help && !nothingNamed)
        {
            return null;
        }

        var defaultValues = HelpText.Defaults(build, _parameters);
        HelpText.Write(_console.Writer, build, _parameters.Catalog, defaultValues);
        return 0;
    }

    /// <summary>Makes the plan and finds every mistake that can be known by now; null when the run may start.</summary>
    private int? Prepare(NukeBuild build)
    {
        var invoked = Invoked(build);
        // Unknown names are reported together with everything else, on the plan that the known ones make.
        build.ExecutionPlan = Planner.Plan(build.ExecutableTargets, invoked);
        foreach (var target in build.ExecutionPlan)
        {
            target.Status = ExecutionStatus.Scheduled;
        }

        Inject(build);
        if (_problems.Count == 0)
        {
            return null;
        }

        new Skipping([.. build.ExecutionPlan]).ByName(_parameters.Options.Skip);
        var withoutConditions = build.ExecutionPlan.Where(target => target.StaticConditions.Count == 0);
        var missing = new Requirements(build, _parameters.Catalog).Problems(withoutConditions);
        return _console.Refuse([.. _problems, .. missing]);
    }

    private List<ExecutableTarget>? Invoked(NukeBuild build)
    {
        var names = build.ExecutableTargets.Select(target => target.Name).ToList();
        ExecutableTarget? Find(string name)
        {
            var plain = Spelling.Plain(name);
            var found = build.ExecutableTargets.FirstOrDefault(target =>
                string.Equals(Spelling.Plain(target.Name), plain, StringComparison.Ordinal)
            );
            if (found is null)
            {
                var nearest = Spelling.Nearest(name, names);
                var hint = nearest is null
                    ? $". Targets are: {string.Join(", ", names.Order(StringComparer.Ordinal))}"
                    : $". Did you mean '{nearest}'?";
                _problems.Add($"Unknown target '{name}'{hint}");
            }

            return found;
        }

        foreach (var name in _parameters.Options.Skip ?? [])
        {
            Find(name);
        }

        if (_parameters.Options.Target.Length == 0)
        {
            return null;
        }

        var invoked = _parameters.Options.Target.Select(Find).OfType<ExecutableTarget>().Distinct().ToList();
        invoked.ForEach(target => target.Invoked = true);
        return invoked;
    }

    private void Inject(NukeBuild build)
    {
        foreach (var (parameter, given) in _parameters.Values)
        {
            if (!parameter.IsOption && parameter.IsWritable)
            {
                parameter.Write(build, given.Value);
            }
        }

        foreach (var parameter in _parameters.Catalog.OfBuild.Where(parameter => parameter.IsSecret))
        {
            // Also a secret that has its value from the source or from a component's default must not be printed.
            if (parameter.Read(build)?.ToString() is { Length: > 0 } secret)
            {
                _session.Masks.Add([secret]);
            }
        }
    }
}

using System.Globalization;
using System.Linq.Expressions;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Reporting;
using Nuke.Common.ValueInjection;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>Takes a build from its arguments to its exit code.</summary>
internal sealed class BuildRunner
{
    private const int Failed = 1;
    private const int Refused = 2;

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
        var output = new MaskingWriter(session.Input.Output, session.Masks, session.Host is GitHubActions);
        var error = new MaskingWriter(session.Input.Error, session.Masks, announces: false);
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
            return Refuse([cause is InvalidOperationException ? cause.Message : cause.ToString()]);
        }

        return Answer(build, defaults) ?? Prepare(build) ?? await ExecuteAsync(build);
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
        return Refuse([.. _problems, .. missing]);
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

    private async Task<int> ExecuteAsync(NukeBuild build)
    {
        using var interruption = new Interruption();
        interruption.Register();
        using var file = build.Plan ? null : LogFile.TryOpen(_session);
        var log = new RunLog(_session, _console, file);
        Log.Logger = log.CreateLogger();
        var attempt = BuildAttempt.Of(_session, _parameters, build.ExecutionPlan);
        var executor = new Executor(_session, build, _console, interruption, attempt);
        try
        {
            var refusal = Start(build);
            if (refusal is not null)
            {
                return refusal.Value;
            }

            await executor.ExecuteAsync(Previous(build, attempt));
        }
        // An event or a static condition has thrown: the build is wrong, and nothing has run.
        catch (Exception exception)
        {
            executor.Fail(exception, target: null);
        }

        executor.Close();
        return Finish(build, executor, interruption, log);
    }

    /// <summary>Calls the events before the run and checks what targets require; the exit code when it must not go on.</summary>
    private int? Start(NukeBuild build)
    {
        if (_console.Shows(DefaultOutput.Logo) && !build.NoLogo)
        {
            _console.Header();
        }

        SchemaFile.Write(_session, build, _parameters.Catalog);
        build.Events!.Created();
        NonParameterValues.Inject(build);
        build.Events.Initialized(build.ExecutionPlan);
        var skipping = new Skipping([.. build.ExecutionPlan]);
        if (build.Plan)
        {
            skipping.ByName(_parameters.Options.Skip);
            PlanText.Write(_console.Writer, build.ExecutionPlan, _parameters);
            return 0;
        }

        skipping.BeforeRun(_parameters.Options.Skip);
        var missing = new Requirements(build, _parameters.Catalog).Problems(build.ExecutionPlan).ToList();
        return missing.Count == 0 ? null : Refuse(missing);
    }

    private static IReadOnlyCollection<string> Previous(NukeBuild build, BuildAttempt attempt)
    {
        var previous = build.Continue ? attempt.Previous() : [];
        attempt.Begin(previous);
        return previous;
    }

    private int Finish(NukeBuild build, Executor executor, Interruption interruption, RunLog log)
    {
        var writer = _console.Writer;
        var repeated = log.Repeat().ToList();
        if (repeated.Count > 0 && _console.Shows(DefaultOutput.ErrorsAndWarnings))
        {
            _console.Begin("Errors & Warnings", DefaultOutput.ErrorsAndWarnings);
            repeated.ForEach(writer.WriteLine);
            _console.EndTarget("Errors & Warnings");
        }

        if (_console.Shows(DefaultOutput.TargetOutcome))
        {
            writer.WriteLine();
            ResultTable.Lines(build.ExecutionPlan, _console.Ansi).ToList().ForEach(writer.WriteLine);
        }

        var isGood = build.IsSucceeding && executor.Failure is null && !interruption.IsRequested;
        var now = _session.Input.Time.GetLocalNow();
        var word =
            isGood ? "succeeded"
            : interruption.IsRequested ? "was interrupted"
            : "failed";
        var outcome = string.Create(CultureInfo.InvariantCulture, $"Build {word} on {now:yyyy-MM-dd HH:mm:ss}.");
        if (_console.Shows(DefaultOutput.BuildOutcome))
        {
            writer.WriteLine();
            writer.WriteLine(isGood ? _console.Ansi.Green(outcome) : _console.Ansi.Red(outcome));
        }

        Summarize(build, outcome);
        var isFinished = CallFinished(build, executor);
        return ExitCode(build, executor, interruption, isGood && isFinished);
    }

    private static int ExitCode(NukeBuild build, Executor executor, Interruption interruption, bool isGood) =>
        interruption.IsRequested
            ? interruption.ExitCode
            : build.ExitCode ?? (isGood ? 0 : executor.Failure?.ExitCode ?? Failed);

    private static bool CallFinished(NukeBuild build, Executor executor)
    {
        try
        {
            build.Events!.Finished();
            return true;
        }
        catch (Exception exception)
        {
            executor.Fail(exception, target: null);
            return false;
        }
    }

    private void Summarize(NukeBuild build, string outcome)
    {
        if (_session.Host is GitHubActions { StepSummaryFile: { } file })
        {
            try
            {
                JobSummary.Append(file, outcome, build, _session.Masks);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.Warning("The job summary could not be written: {Reason:l}", exception.Message);
            }
        }
    }

    private int Refuse(IReadOnlyCollection<string> problems)
    {
        _console.Writer.WriteLine(_console.Ansi.Red("The build was not started:"));
        foreach (var problem in problems)
        {
            _console.Problem(problem);
        }

        _console.Writer.WriteLine("HINT: --help lists all targets and parameters.");
        return Refused;
    }
}

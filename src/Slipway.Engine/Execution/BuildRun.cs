using System.Globalization;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Reporting;
using Nuke.Common.ValueInjection;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>The run of a build whose plan stands: its events, its targets, and what is said at the end.</summary>
internal sealed class BuildRun(EngineSession session, NukeBuild build, RunConsole console, ParameterSet parameters)
{
    private const int Failed = 1;

    public async Task<int> ExecuteAsync()
    {
        using var interruption = new Interruption();
        interruption.Register();
        using var file = build.Plan ? null : LogFile.TryOpen(session);
        session.Log = file;
        var log = new RunLog(session, console, file);
        Log.Logger = log.CreateLogger();
        var attempt = BuildAttempt.Of(session, parameters, build.ExecutionPlan);
        var executor = new Executor(session, build, console, interruption, attempt);
        try
        {
            var refusal = Start();
            if (refusal is not null)
            {
                return refusal.Value;
            }

            await executor.ExecuteAsync(Previous(attempt));
        }
        // An event or a static condition has thrown: the build is wrong, and nothing has run.
        catch (Exception exception)
        {
            executor.Fail(exception, target: null);
        }

        executor.Close();
        return Finish(executor, interruption, log);
    }

    /// <summary>Calls the events before the run and checks what targets require; the exit code when it must not go on.</summary>
    private int? Start()
    {
        if (console.Shows(DefaultOutput.Logo) && !build.NoLogo)
        {
            console.Header();
        }

        SchemaFile.Write(session, build, parameters.Catalog);
        build.Events!.Created();
        NonParameterValues.Inject(build);
        build.Events.Initialized(build.ExecutionPlan);
        var skipping = new Skipping([.. build.ExecutionPlan]);
        if (build.Plan)
        {
            skipping.ByName(parameters.Options.Skip);
            PlanText.Write(console.Writer, build.ExecutionPlan, parameters);
            return 0;
        }

        skipping.BeforeRun(parameters.Options.Skip);
        var missing = new Requirements(build, parameters.Catalog).Problems(build.ExecutionPlan).ToList();
        return missing.Count == 0 ? null : console.Refuse(missing);
    }

    private IReadOnlyCollection<string> Previous(BuildAttempt attempt)
    {
        var previous = build.Continue ? attempt.Previous() : [];
        attempt.Begin(previous);
        return previous;
    }

    private int Finish(Executor executor, Interruption interruption, RunLog log)
    {
        var writer = console.Writer;
        var repeated = log.Repeat().ToList();
        if (repeated.Count > 0 && console.Shows(DefaultOutput.ErrorsAndWarnings))
        {
            console.Begin("Errors & Warnings", DefaultOutput.ErrorsAndWarnings);
            repeated.ForEach(writer.WriteLine);
            console.EndTarget("Errors & Warnings");
        }

        if (console.Shows(DefaultOutput.TargetOutcome))
        {
            writer.WriteLine();
            ResultTable.Lines(build.ExecutionPlan, console.Ansi, session.Masks).ToList().ForEach(writer.WriteLine);
        }

        var isGood = build.IsSucceeding && executor.Failure is null && !interruption.IsRequested;
        var now = session.Input.Time.GetLocalNow();
        var word =
            isGood && build.ExitCode is { } code and not 0 ? $"ended with exit code {code}"
            : isGood ? "succeeded"
            : interruption.IsRequested ? "was interrupted"
            : "failed";
        var outcome = string.Create(CultureInfo.InvariantCulture, $"Build {word} on {now:yyyy-MM-dd HH:mm:ss}.");
        if (console.Shows(DefaultOutput.BuildOutcome))
        {
            writer.WriteLine();
            writer.WriteLine(
                isGood && build.ExitCode is null or 0 ? console.Ansi.Green(outcome) : console.Ansi.Red(outcome)
            );
        }

        Summarize(outcome);
        var isFinished = CallFinished(executor);
        return ExitCode(executor, interruption, isGood && isFinished);
    }

    private int ExitCode(Executor executor, Interruption interruption, bool isGood) =>
        interruption.IsRequested
            ? interruption.ExitCode
            : build.ExitCode ?? (isGood ? 0 : executor.Failure?.ExitCode ?? Failed);

    private bool CallFinished(Executor executor)
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

    private void Summarize(string outcome)
    {
        if (session.Host is GitHubActions { StepSummaryFile: { } file })
        {
            try
            {
                JobSummary.Append(file, outcome, build, session.Masks);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.Warning("The job summary could not be written: {Reason:l}", exception.Message);
            }
        }
    }
}

using Npgsql;
using Slipway.Health;
using Slipway.Health.Hurl;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Runs a release on a copy of the database, where nobody is sent to it and nothing counts it.</summary>
/// <param name="environment">How it is started, and what it has to answer.</param>
/// <param name="folder">Where its files are, and where its output goes.</param>
/// <param name="http">Asks it.</param>
/// <param name="output">What a person sees.</param>
internal sealed class ReleaseTrial(
    DeploymentEnvironment environment,
    ReleaseFolder folder,
    HttpMessageHandler http,
    RunOutput output
)
{
    private const int Lines = 10;

    /// <summary>Starts it, asks for its health, sends the critical requests, and stops it whatever happens.</summary>
    /// <exception cref="SlipwayException">The copy is the live database itself, or the requests cannot be read.</exception>
    public async Task<TrialReport> RunAsync(Release release, DatabaseUrl copy, CancellationToken cancellationToken)
    {
        RefuseLive(copy);
        if (environment.Verify.Requests is not { } path)
        {
            return TrialReport.Not(release.Id, $"environment {environment.Name} declares no verify.requests");
        }

        var file = await HurlFile.LoadAsync(path, cancellationToken);
        HurlVariables.CheckStandard(file);
        var port = LoopbackPort.Free();
        var (command, problem) = CommandOf(release.Id, port, copy);
        if ((problem ?? Elsewhere(file)) is { } reason)
        {
            return TrialReport.Not(release.Id, reason);
        }

        try
        {
            await using var sessions = await CopySessions.OpenAsync(copy, output.Time, cancellationToken);
            var plan = new Plan(release.Id, new($"http://127.0.0.1:{port}"), command, file, copy);
            return await RunAsync(plan, sessions, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            return TrialReport.Not(release.Id, $"the copy {copy.Database} cannot be reached: {exception.Message}");
        }
    }

    private async Task<TrialReport> RunAsync(Plan plan, CopySessions sessions, CancellationToken cancellationToken)
    {
        var started = output.Time.GetTimestamp();
        var (requests, failures) = (0, (IReadOnlyList<string>)[]);
        folder.BeginTrial(plan.Id);
        using (var process = CompanionProcess.Start(plan.Command, folder.TrialOutput(plan.Id)))
        {
            try
            {
                output.Line(
                    $"  {plan.Id} started on {plan.Copy.Database} at {plan.Address}, asking {environment.Health.Path}"
                );
                (requests, failures) = await AskAsync(plan, sessions, process, cancellationToken);
            }
            finally
            {
                await sessions.SeenAsync();
                await EndAsync(plan.Id, process);
            }
        }

        var connected = await sessions.SeenAsync();
        return Report(plan, requests, failures, connected, output.Time.GetElapsedTime(started));
    }

    private async Task<(int Requests, IReadOnlyList<string> Failures)> AskAsync(
        Plan plan,
        CopySessions sessions,
        CompanionProcess process,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await ProbeAsync(plan, process, cancellationToken);
        }
        catch (UnhealthyException exception)
        {
            var last = exception.Last is { } answer ? $"; last answer: {answer}" : "";
            return (
                0,
                [
                    $"GET {exception.Url}: expected a healthy answer of release {plan.Id}, got none: {exception.Reason}{last}",
                ]
            );
        }

        // It says that it reaches its database; when that is not the copy, the requests would write who knows where.
        if (environment.Health.DatabasePath.Length > 0 && !await sessions.SeenAsync())
        {
            return (0, []);
        }

        var functions = new CriticalFunctions(http, environment.Health.RequestTimeout, output);
        var run = RunId.New(output.Time);
        var results = await functions.RunAsync(plan.File, plan.Address, plan.Id, run, cancellationToken);
        var failures = results
            .SelectMany(result => result.Failures.Select(failure => Line(plan.File, result, failure)))
            .ToList();
        if (Ended(process) is { } end)
        {
            failures.Add($"release {plan.Id}: expected to go on after the requests, but {end}");
        }

        return (results.Count(result => result.Outcome is HurlOutcome.Passed), failures);
    }

    private async Task ProbeAsync(Plan plan, CompanionProcess process, CancellationToken cancellationToken)
    {
        var (probe, health) = (new HealthProbe(http, output.Time, output), environment.Health);
        await probe.WaitAsync(plan.Address, health, plan.Id, () => Ended(process), cancellationToken);
        if (health.DatabasePath.Length > 0)
        {
            await probe.ProbeDatabaseAsync(plan.Address, health, null, () => Ended(process), cancellationToken);
        }
    }

    private async Task EndAsync(string id, CompanionProcess process)
    {
        if (!await process.EndAsync(environment.Release.DrainTimeout, output.Time))
        {
            output.Warn($"the trial of release {id} does not end: process {process.Id} still runs");
        }
    }

    private TrialReport Report(
        Plan plan,
        int requests,
        IReadOnlyList<string> failures,
        bool connected,
        TimeSpan duration
    )
    {
        var redactor = RedactorFor(plan.Copy);
        var unknown =
            failures.Count == 0 && !connected
                ? $"release {plan.Id} was never seen connected to the copy {plan.Copy.Database}: does it take its address from DATABASE_URL?"
                : null;
        var words = failures.Count > 0 || unknown is not null ? folder.LastWordsOfTrial(plan.Id, Lines) : [];
        return new(
            plan.Id,
            requests,
            [.. failures.Select(redactor.Text)],
            unknown,
            [.. words.Select(redactor.Text)],
            duration
        );
    }

    private (Command Command, string? Problem) CommandOf(string id, int port, DatabaseUrl copy)
    {
        var files = folder.Files(id);
        var log = environment.Verify.Log is null ? null : folder.TrialLog(id);
        var command = ReleaseCommand.Of(environment, id, files, port, log);
        var given = new Dictionary<string, string>(ShellSession.Inherited, StringComparer.Ordinal);
        foreach (var (name, value) in command.Variables)
        {
            given[name] = value.Reveal();
        }

        var trial = TrialVariables.Of(given, environment.Database.Url, copy);
        var variables = new Dictionary<string, Secret>(command.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in trial.Changed)
        {
            variables[name] = value;
        }

        return (
            command with
            {
                Variables = variables,
            },
            Directory.Exists(files) ? trial.Problem : $"the files of release {id} are gone: {files}"
        );
    }

    private void RefuseLive(DatabaseUrl copy)
    {
        var live = environment.Database.Url;
        if (TrialVariables.IsSameServer(live, copy) && live.Database == copy.Database)
        {
            throw new SlipwayException(
                $"A release is tried on a copy of the database, but {copy.Database} is the live one",
                "name a copy",
                ExitCode.Refused
            );
        }
    }

    private static string Line(HurlFile file, HurlStepResult result, HurlFailure failure) =>
        $"{file.Path}:{failure.Line}: {result.Title}: {result.Method} {result.Url}: {failure.What}: expected {failure.Expected}, got {failure.Actual}";

    // A request to a fixed address would be sent to the live application.
    private static string? Elsewhere(HurlFile file) =>
        file
            .Entries.Select(entry => entry.Request)
            .FirstOrDefault(request =>
                !request.Options.Skip && request.Url.Parts is not [{ IsVariable: true, Text: "base" }, ..]
            )
            is { } request
            ? $"{file.Path}:{request.Line} asks {request.Url} instead of {{{{base}}}}, where the trial does not answer"
            : null;

    private static string? Ended(CompanionProcess process) =>
        process.ExitCode is { } code ? $"its process ended with exit code {code}" : null;

    private Redactor RedactorFor(DatabaseUrl copy) =>
        new(
            environment
                .Variables.Where(pair => VariableNames.IsSecret(pair.Key))
                .Select(pair => pair.Value)
                .Concat(copy.Password is { } password ? [password] : [])
                .Append(environment.Database.Url.Raw)
        );

    private sealed record Plan(string Id, Uri Address, Command Command, HurlFile File, DatabaseUrl Copy);
}

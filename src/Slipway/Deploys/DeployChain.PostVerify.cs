using Slipway.Health.Hurl;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Critical functions on the live application, a snapshot, a second backup, and the log since the switch.</summary>
    public async Task<StepReport> PostVerifyAsync(CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        if (options.DryRun)
        {
            return StepReport.WouldDo("run the critical functions, take a second backup, search the log");
        }

        _state.Stage = Stage.PostVerify;
        if (_state.NothingToDo)
        {
            return StepReport.NothingToDo($"release {_state.Release!.Id} was verified when it was deployed");
        }

        var snapshot = await SnapshotAsync(cancellationToken);
        var functions = await RunCriticalFunctionsAsync(cancellationToken);
        var backup =
            parts.Environment.Backup.Enabled && _run is not null
                ? await BackUpAsync(_run.Id, "after the deploy", cancellationToken)
                : null;
        var log = await SearchLogAsync(cancellationToken);
        if (_run is not null)
        {
            var newest = (_state.Migrations ?? await ReadMigrationsAsync(cancellationToken)).LastApplied;
            await parts.Book.VerifiedAsync(_state.Release!, newest, _run.Id.Value, cancellationToken);
        }

        return StepReport.Done(
            $"{functions} critical requests passed, {log}, second backup {(backup is null ? "not taken" : RunOutput.Bytes(backup.Bytes))}",
            new("critical requests", $"{functions}"),
            new("log", log),
            new("second backup", backup?.Id ?? "not taken"),
            new("database", snapshot)
        );
    }

    /// <summary>Refuses files and programs of later steps that are not there or cannot work, before anything is touched.</summary>
    private async Task CheckRequestsAsync(CancellationToken cancellationToken)
    {
        var environment = Parts.Environment;
        if (environment.Verify.Requests is { } path)
        {
            HurlVariables.CheckStandard(await HurlFile.LoadAsync(path, cancellationToken));
        }

        IReadOnlyList<(string Name, IReadOnlyList<string> Words)> commands =
        [
            ("test.command", environment.Test.Command),
            ("release.build", environment.Release.Build),
            ("release.deploy", environment.Release.Deploy),
            ("release.rollback", environment.Release.Rollback),
        ];
        foreach (var (name, words) in commands)
        {
            var program = words.FirstOrDefault("");
            if (
                program.Length > 0
                && !program.Contains('{')
                && ProgramFile.Problem(program, options.Root) is { } problem
            )
            {
                throw new SlipwayException(
                    $"The command of {name} cannot be started: {problem}",
                    $"install it, or name another one under {name} in .nuke/environments/{environment.Name}.json; nothing was touched",
                    ExitCode.BadInput
                );
            }
        }
    }

    private async Task<int> RunCriticalFunctionsAsync(CancellationToken cancellationToken)
    {
        var environment = Parts.Environment;
        if (environment.Verify.Requests is not { } path)
        {
            throw new SlipwayException(
                $"Environment {environment.Name} declares no critical functions",
                $"write them as a Hurl file and name it under verify.requests in .nuke/environments/{environment.Name}.json",
                ExitCode.Refused
            );
        }

        var file = await HurlFile.LoadAsync(path, cancellationToken);
        var functions = new CriticalFunctions(http, environment.Health.RequestTimeout, Output);
        var results = await functions.RunAsync(
            file,
            Parts.Releaser.BaseUrl,
            _state.Release?.Id ?? "",
            _run?.Id ?? RunId.New(Time),
            cancellationToken
        );
        return results.FirstOrDefault(result => !result.Passed) is { } failed
            ? throw new SlipwayException(
                $"Critical function failed: {failed}",
                $"look at {path}:{failed.Line}"
                    + (environment.Verify.Log is { } log ? $" and at the application's log {log}" : "")
            )
            : results.Count;
    }

    private async Task<string> SearchLogAsync(CancellationToken cancellationToken)
    {
        if (LogSearch() is not { } log || _state.LogMark is null)
        {
            return "log not read here";
        }

        var found = await log.SearchAsync(_state.LogMark, cancellationToken);
        if (found.Unknown is { } reason)
        {
            throw new SlipwayException(
                $"Nobody knows whether the application logged errors: {reason}",
                $"let this user read {Parts.Environment.Verify.Log}"
            );
        }

        return found.Errors == 0
            ? $"no error in {found.Lines} new log lines"
            : throw new SlipwayException(
                $"{found.Errors} of {found.Lines} new lines of {Parts.Environment.Verify.Log} are errors:\n"
                    + string.Join('\n', found.Excerpt.Select(line => $"  {line}")),
                "mend what they tell, then deploy again"
            );
    }
}

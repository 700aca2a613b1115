using System.Globalization;
using Slipway.Health;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Gets back when a step failed, frees or holds the lock, ends the record, and says how things are.</summary>
    /// <returns>The exit code that the run has earned.</returns>
    public async Task<ExitCode> ConcludeAsync(CancellationToken cancellationToken)
    {
        if (_run is null)
        {
            return (_state.Failure as SlipwayException)?.ExitCode ?? ExitCode.Done;
        }

        var conclusion = _state.Failure is null
            ? await SucceedAsync(cancellationToken)
            : await GetBackAsync(cancellationToken);
        await _run.Recorder.AppendAsync(
            RunEvent.RunFinished,
            KeyValuePair.Create("outcome", conclusion.Outcome),
            KeyValuePair.Create("exit code", ((int)conclusion.ExitCode).ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("state", conclusion.State),
            KeyValuePair.Create("undone", conclusion.Undone),
            KeyValuePair.Create("next", conclusion.Next)
        );
        await EndLockAsync(conclusion, cancellationToken);
        Say(conclusion);
        await WriteReportAsync(cancellationToken);

        // Last: whoever waits for the lock or for this text does not wait for Slack.
        await TellEndAsync(conclusion, cancellationToken);
        return conclusion.ExitCode;
    }

    private async Task<Conclusion> SucceedAsync(CancellationToken cancellationToken)
    {
        var parts = Parts;
        var entries = await parts.Book.ReadAsync(cancellationToken);
        var serving = await parts.Releaser.ServingAsync(cancellationToken);
        var verified = entries.Any(entry => entry.Id == serving && entry.State == ReleaseState.Verified);
        if (serving is not null && verified)
        {
            await parts.Releaser.RetireAsync(entries, serving, cancellationToken);
        }

        return new(
            _state.NothingToDo ? "nothing to do" : "succeeded",
            ExitCode.Done,
            serving is null
                ? "no release is live yet"
                : $"release {serving} is live at {parts.Releaser.BaseUrl}{(verified ? "" : ", not yet verified")}",
            "",
            "",
            null
        );
    }

    private async Task<Conclusion> GetBackAsync(CancellationToken cancellationToken)
    {
        var point = new FailurePoint(
            _state.Stage,
            _state.Schema,
            _state.FailedMigration,
            _state.Previous is not null,
            Parts.Releaser.CanSwitchBack
        );
        var decision = _state.Failure is ServingUnknownException unknown
            ? new WayBackDecision(WayBack.AskPerson, unknown.Message)
            : WayBackDecision.For(point);
        string undone;
        try
        {
            undone = await UndoAsync(decision, cancellationToken);
        }
        catch (Exception exception) when (exception is SlipwayException or IOException or HttpRequestException)
        {
            decision = new(WayBack.AskPerson, $"the way back failed: {exception.Message}");
            undone = "the way back did not work";
        }

        await _run!.Recorder.AppendAsync(
            RunEvent.Undone,
            KeyValuePair.Create("decision", $"{decision.Action}"),
            KeyValuePair.Create("because", decision.Reason),
            KeyValuePair.Create("what", undone)
        );
        return await ConclusionAsync(decision, undone, cancellationToken);
    }

    private async Task<string> UndoAsync(WayBackDecision decision, CancellationToken cancellationToken)
    {
        var (parts, release, run) = (Parts, _state.Release!, _run!.Id.Value);
        var reason = FirstLine(_state.Failure!.Message);
        switch (decision.Action)
        {
            case WayBack.RemoveRelease:
                if (_state.IsPrepared)
                {
                    await parts.Releaser.RemoveAsync(release, cancellationToken);
                    await parts.Book.SetAsync(release, ReleaseState.Bad, false, run, reason, cancellationToken);
                }

                return $"release {release.Id} was removed before anybody was on it";
            case WayBack.CodeBack:
                await PutBackAsync(release, _state.Previous!, cancellationToken);
                await parts.Book.SetAsync(release, ReleaseState.Bad, false, run, reason, cancellationToken);
                await parts.Book.SetAsync(_state.Previous!, ReleaseState.Verified, true, run, null, cancellationToken);
                await parts.Releaser.RemoveAsync(release, cancellationToken);
                return $"users were put back on release {_state.Previous!.Id}";
            case WayBack.AskPerson when IsSwitched(_state.Stage):
                await parts.Book.SetAsync(release, ReleaseState.Bad, null, run, reason, cancellationToken);
                return "nothing: no safe way back is known";
            default:
                return "nothing needed to be";
        }

        static bool IsSwitched(Stage stage) => stage >= Stage.DeployAppAfterSwitch;
    }

    // Back is only who answers for itself again, whatever the way back claims.
    private async Task PutBackAsync(Release failed, Release back, CancellationToken cancellationToken)
    {
        await Parts.Releaser.SwitchBackAsync(failed, back, cancellationToken);
        await new HealthProbe(http, Time, Output).WaitAsync(
            Parts.Releaser.BaseUrl,
            Parts.Environment.Health,
            back.Id,
            null,
            cancellationToken
        );
    }

    private async Task<Conclusion> ConclusionAsync(
        WayBackDecision decision,
        string undone,
        CancellationToken cancellationToken
    )
    {
        var environment = Parts.Environment.Name;
        var serving = await Parts.Releaser.ServingAsync(cancellationToken);
        var exitCode =
            decision.Action is WayBack.AskPerson
                ? ExitCode.NeedsPerson
                : (_state.Failure as SlipwayException)?.ExitCode ?? ExitCode.Failed;
        var schema =
            _state.Applied.Count == 0
                ? "no migration was applied"
                : $"applied and kept: {string.Join(", ", _state.Applied)}";
        var again = $"mend it, then: ./build.sh Deploy --env {environment}";
        return new(
            _state.Interrupted ? "interrupted"
                : decision.Action is WayBack.CodeBack ? "rolled back"
                : "failed",
            exitCode,
            $"{(serving is null ? "no release serves" : $"release {serving} serves")}; {schema}",
            $"{undone} ({decision.Reason})",
            decision.Action is WayBack.AskPerson
                ? $"look at it, then one of: ./build.sh Resume --env {environment} | ./build.sh Rollback --env {environment} | ./build.sh Unlock --env {environment} --reason \"…\""
                : again,
            decision.Action is WayBack.AskPerson ? decision.Reason : null
        );
    }

    private async Task EndLockAsync(Conclusion conclusion, CancellationToken cancellationToken)
    {
        try
        {
            await (
                conclusion.HoldBecause is { } reason
                    ? _run!.Lock.HoldAsync(reason, cancellationToken)
                    : _run!.Lock.ReleaseAsync(cancellationToken)
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The half in the database went with its connection; the next run sees that nobody lives behind the lease.
            Output.Warn($"the lock's lease in {Parts.Store.Location} could not be written: {exception.Message}");
        }
    }

    private void Say(Conclusion conclusion)
    {
        if (_state.Failure is not null)
        {
            Output.Line($"  Failed  {_state.FailedStep}: {FirstLine(_state.Failure.Message)}");
            Output.Line($"  Undone  {conclusion.Undone}");
        }

        Output.Line($"  State   {conclusion.State}");
        Output.Line($"  Lock    {(conclusion.HoldBecause is null ? "free" : $"held: {conclusion.HoldBecause}")}");
        if (conclusion.Next.Length > 0)
        {
            Output.Line($"  Next    {conclusion.Next}");
        }

        Output.Line($"  Record  {_run!.Recorder.Path}");
        if (_run.Recorder.StoreProblem is { } problem)
        {
            Output.Warn($"the store has no copy of the record: {problem}");
        }
    }

    private async Task WriteReportAsync(CancellationToken cancellationToken)
    {
        var path = Path.ChangeExtension(_run!.Recorder.Path, ".md");
        await File.WriteAllTextAsync(path, Reports.MarkdownReport.Text(_run.Recorder.Record), cancellationToken);
        Output.Line($"  Report  {path}");
        if (options.Variables.GetValueOrDefault("GITHUB_STEP_SUMMARY") is { Length: > 0 } summary)
        {
            await File.AppendAllTextAsync(
                summary,
                await File.ReadAllTextAsync(path, cancellationToken),
                cancellationToken
            );
        }
    }
}

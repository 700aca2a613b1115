using System.Globalization;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Gets back when a step failed, frees or holds the lock, ends the record, and says how things are.</summary>
    /// <param name="isCutOff">True when steps that were asked for did not run or did not end.</param>
    /// <param name="cancellationToken">Bounds all of it.</param>
    /// <returns>The exit code that the run has earned.</returns>
    public async Task<ExitCode> ConcludeAsync(bool isCutOff, CancellationToken cancellationToken)
    {
        if (_run is null)
        {
            return (_state.Failure as SlipwayException)?.ExitCode ?? ExitCode.Done;
        }

        NoticeInterruption(isCutOff);
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

    // A signal between two steps, or in one that does not come back, throws nowhere.
    private void NoticeInterruption(bool isCutOff)
    {
        if (_state.Failure is not null || !(isCutOff || _state.Running is not null))
        {
            return;
        }

        _state.Interrupted = true;
        _state.FailedStep = _state.Running ?? $"after {_state.Stage}";
        _state.Failure = new SlipwayException(
            _state.Running is { } running
                ? $"the run was interrupted, and {running} had not stopped when it ended"
                : "the run was interrupted between two steps",
            $"./build.sh Deploy --env {Parts.Environment.Name}"
        );
    }

    private async Task<Conclusion> SucceedAsync(CancellationToken cancellationToken)
    {
        var parts = Parts;
        var state = "what is live could not be asked";
        try
        {
            var entries = await parts.Book.ReadAsync(cancellationToken);
            var serving = await parts.Releaser.ServingAsync(cancellationToken);
            var verified = entries.Any(entry => entry.Id == serving && entry.State == ReleaseState.Verified);
            state = serving is null
                ? "no release is live yet"
                : $"release {serving} is live at {parts.Releaser.BaseUrl}{(verified ? "" : ", not yet verified")}";
            if (serving is not null && verified)
            {
                await parts.Releaser.RetireAsync(entries, serving, cancellationToken);
            }
        }
        catch (Exception exception)
        {
            // What was asked for is done; old releases that could not be stopped are found by the next run.
            Output.Warn($"old releases were not tidied up: {exception.Message}");
        }

        return new(_state.NothingToDo ? "nothing to do" : "succeeded", ExitCode.Done, state, "", "", null);
    }

    private async Task EndLockAsync(Conclusion conclusion, CancellationToken cancellationToken)
    {
        try
        {
            await (
                conclusion.HoldBecause is { } reason ? _run!.Lock.HoldAsync(reason, cancellationToken)
                : _state.Failure is null ? _run!.Lock.ReleaseAsync(cancellationToken)
                : _run!.Lock.GiveBackAsync(cancellationToken)
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
        var held = conclusion.HoldBecause ?? _run!.Lock.GivenBack?.Reason;
        Output.Line($"  Lock    {(held is null ? "free" : $"held: {held}")}");
        if (conclusion.Next.Length > 0)
        {
            Output.Line($"  Next    {conclusion.Next}");
        }

        Output.Line($"  Record  {_run!.Recorder.Path}");
        if (_run.Recorder.LocalProblem is { } missing)
        {
            Output.Warn($"the record on this machine is not complete: {missing}");
        }

        if (_run.Recorder.StoreProblem is { } problem)
        {
            Output.Warn($"the store has no copy of the record: {problem}");
        }
    }

    private async Task WriteReportAsync(CancellationToken cancellationToken)
    {
        var path = Path.ChangeExtension(_run!.Recorder.Path, ".md");
        var text = Reports.MarkdownReport.Text(_run.Recorder.Record);
        try
        {
            await File.WriteAllTextAsync(path, text, cancellationToken);
            Output.Line($"  Report  {path}");
            if (options.Variables.GetValueOrDefault("GITHUB_STEP_SUMMARY") is { Length: > 0 } summary)
            {
                await File.AppendAllTextAsync(summary, text, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Output.Warn($"the report could not be written: {exception.Message}; the record has everything");
        }
    }
}

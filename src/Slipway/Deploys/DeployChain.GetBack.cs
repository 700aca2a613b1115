using Slipway.Health;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private async Task<Conclusion> GetBackAsync(CancellationToken cancellationToken)
    {
        var decision = Decide();
        string undone;
        try
        {
            undone = await UndoAsync(decision, cancellationToken);
        }
        catch (Exception exception)
        {
            // Whatever it was: users may be anywhere now, so nobody goes on before a person has looked.
            decision = new(WayBack.AskPerson, $"the way back failed: {FirstLine(Redactor.Text(exception.Message))}");
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

    private WayBackDecision Decide() =>
        _state.Failure is ServingUnknownException unknown ? new(WayBack.AskPerson, unknown.Message)
        : _state.Running is { } running && _state.Stage >= Stage.MigrateDeploy
            ? new(WayBack.AskPerson, $"{running} was interrupted and had not stopped")
        : WayBackDecision.For(
            new(
                Reached(),
                _state.Schema,
                _state.FailedMigration,
                _state.Previous is not null,
                _state.IsLive,
                Parts.Releaser.CanSwitchBack
            )
        );

    // Checks of what was live before change nothing, however late in the chain they stand.
    private Stage Reached() =>
        _state.Stage is Stage.HealthCheck or Stage.PostVerify && !_state.IsSwitched
            ? _state.Applied.Count > 0
                ? Stage.MigrateDeploy
                : Stage.Test
            : _state.Stage;

    private async Task<string> UndoAsync(WayBackDecision decision, CancellationToken cancellationToken)
    {
        var (parts, release, run) = (Parts, _state.Release!, _run!.Id.Value);
        var reason = FirstLine(Redactor.Text(_state.Failure!.Message));
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
            case WayBack.AskPerson when _state.IsSwitched:
                await parts.Book.SetAsync(release, ReleaseState.Bad, null, run, reason, cancellationToken);
                return "nothing: no safe way back is known";
            default:
                return "nothing needed to be";
        }
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
        var asks = decision.Action is WayBack.AskPerson;
        var schema =
            _state.Applied.Count == 0
                ? "no migration was applied"
                : $"applied and kept: {string.Join(", ", _state.Applied)}";
        return new(
            _state.Interrupted ? "interrupted"
                : decision.Action is WayBack.CodeBack ? "rolled back"
                : "failed",
            asks ? ExitCode.NeedsPerson
                : (_state.Failure as SlipwayException)?.ExitCode is { } code and not ExitCode.NeedsPerson ? code
                : ExitCode.Failed,
            $"{await ServingAsync(cancellationToken)}; {schema}",
            $"{undone} ({decision.Reason})",
            asks || _run!.Lock.StaysHeld
                ? Choices()
                : $"mend it, then: ./build.sh Deploy --env {Parts.Environment.Name}",
            asks
                ? $"{decision.Reason}, after {_state.FailedStep} failed: {FirstLine(Redactor.Text(_state.Failure!.Message))}"
                : null
        );
    }

    private async Task<string> ServingAsync(CancellationToken cancellationToken)
    {
        try
        {
            var serving = await Parts.Releaser.ObserveAsync(cancellationToken);
            return serving.Unknown is { } why ? $"which release serves is not known: {why}"
                : serving.Release is { } release ? $"release {release} serves"
                : "no release serves";
        }
        catch (Exception exception)
        {
            return $"which release serves is not known: {FirstLine(exception.Message)}";
        }
    }

    // Only what is possible now; a way that may hurt says so and wants a reason.
    private string Choices()
    {
        var environment = Parts.Environment.Name;
        List<string> choices = [$"./build.sh Resume --env {environment}"];
        if (_state.Previous is not null && _state.Schema is AppliedSchema.NoneApplied or AppliedSchema.AllExpand)
        {
            choices.Add($"./build.sh Rollback --env {environment}");
        }
        else if (_state.Previous is { } previous)
        {
            choices.Add(
                $"./build.sh Rollback --env {environment} --reason \"…\" (release {previous.Id} may not run on the schema)"
            );
        }

        choices.Add($"./build.sh Unlock --env {environment} --reason \"…\"");
        return $"look at it, then one of: {string.Join(" | ", choices)}";
    }
}

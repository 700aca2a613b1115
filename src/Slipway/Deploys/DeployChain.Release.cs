using Slipway.Health;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Starts the new release beside the old one and switches the traffic when it is healthy.</summary>
    public async Task<StepReport> DeployAppAsync(CancellationToken cancellationToken)
    {
        _state.Stage = Stage.DeployAppBeforeSwitch;
        var (parts, release, previous) = (Parts, _state.Release!, _state.Previous);
        if (_state.NothingToDo)
        {
            return StepReport.NothingToDo($"release {release.Id} is live and verified");
        }

        if (options.DryRun)
        {
            return StepReport.WouldDo($"ship release {release.Id} in place of {_state.Plan!.Live ?? "none"}");
        }

        _run!.Lock.Settle();
        await MarkLogAsync(cancellationToken);
        if (_state.Plan!.Live == release.Id)
        {
            (_state.Stage, _state.IsSwitched) = (Stage.DeployAppAfterSwitch, true);
            return StepReport.NothingToDo($"release {release.Id} is live already; its verification follows");
        }

        await parts.Book.SetAsync(release, ReleaseState.Prepared, false, _run!.Id.Value, null, cancellationToken);
        _state.IsPrepared = true;
        await parts.Releaser.PrepareAsync(release, previous, cancellationToken);
        (_state.Stage, _state.IsSwitched) = (Stage.DeployAppAfterSwitch, true);
        await parts.Releaser.SwitchAsync(release, previous, cancellationToken);
        await parts.Book.SetAsync(release, ReleaseState.Live, true, _run.Id.Value, null, cancellationToken);
        return StepReport.Done(
            $"{release.Id} is live at {parts.Releaser.BaseUrl}",
            new("release", release.Id),
            new("commit", release.Commit),
            new("previous", previous?.Id ?? "none"),
            new("address", parts.Releaser.BaseUrl.ToString())
        );
    }

    /// <summary>Asks the live application for its health, its version and its database.</summary>
    public async Task<StepReport> HealthCheckAsync(CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var health = parts.Environment.Health;
        if (options.DryRun)
        {
            return StepReport.WouldDo($"ask {health.Path} and {health.DatabasePath}");
        }

        _state.Stage = Stage.HealthCheck;
        var live =
            _state.Release?.Id
            ?? await parts.Releaser.ServingAsync(cancellationToken)
            ?? throw new SlipwayException(
                $"Nothing is live in environment {parts.Environment.Name}",
                $"./build.sh Deploy --env {parts.Environment.Name}"
            );
        var newest = (_state.Migrations ?? await ReadMigrationsAsync(cancellationToken)).Newest;
        var (answer, database) = await ProbeAsync(live, newest, cancellationToken);
        return StepReport.Done(
            $"{live} answers in {answer.Answer.Latency.TotalMilliseconds:0} ms, its database in {database.Answer.Latency.TotalMilliseconds:0} ms",
            new("address", parts.Releaser.BaseUrl.ToString()),
            new("version", live),
            new("health", $"{answer.Answer.StatusCode} {answer.Answer.Body}"),
            new("database", $"{database.Answer.StatusCode} {database.Answer.Body}")
        );
    }

    private async Task<(HealthResult Answer, HealthResult Database)> ProbeAsync(
        string live,
        string? newest,
        CancellationToken cancellationToken
    )
    {
        var (releaser, health) = (Parts.Releaser, Parts.Environment.Health);
        var probe = new HealthProbe(http, Time, Output);
        try
        {
            return (
                await probe.WaitAsync(releaser.BaseUrl, health, live, null, cancellationToken),
                await probe.ProbeDatabaseAsync(releaser.BaseUrl, health, newest, null, cancellationToken)
            );
        }
        catch (UnhealthyException exception)
        {
            throw exception.WithLog(releaser.LastWords(live, 10), releaser.OutputFile(live));
        }
    }

    private async Task MarkLogAsync(CancellationToken cancellationToken)
    {
        if (LogSearch() is { } log)
        {
            _state.LogMark = await log.MarkAsync(cancellationToken);
        }
    }

    private LogSearch? LogSearch() =>
        Parts.Environment.Verify is { Log: { } log } verify ? new(log, verify.LogErrors) : null;
}

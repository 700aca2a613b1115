using Slipway.Notifications;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private Task<string>? _started;

    // A backup or a status alone changes nothing that people wait for.
    private bool IsNews =>
        options.Asked.Any(target => target is "Deploy" or "MigrateDeploy" or "DeployApp" or "Resume" or "Rollback");

    // Beside the run, so that a slow Slack delays nothing.
    private void TellStart()
    {
        if (IsNews)
        {
            _started = TellAsync(Notice(NoticeKind.Started), CancellationToken.None);
        }
    }

    private async Task TellEndAsync(Conclusion conclusion, CancellationToken cancellationToken)
    {
        if (Parts.Environment.SlackWebhook is null || !IsNews)
        {
            return;
        }

        var kind =
            conclusion.HoldBecause is not null ? NoticeKind.NeedsPerson
            : conclusion.ExitCode == ExitCode.Done ? NoticeKind.Succeeded
            : conclusion.Outcome == "rolled back" ? NoticeKind.RolledBack
            : NoticeKind.Failed;
        var first = _started is null ? "not sent" : await _started;
        var last = await TellAsync(
            Notice(kind) with
            {
                Cause = _state.Failure is null ? null : $"{_state.FailedStep}: {_state.Failure.Message}",
                State = conclusion.State,
                Next = conclusion.Next,
            },
            cancellationToken
        );
        await _run!.Recorder.AppendAsync(
            "notified",
            KeyValuePair.Create("start", first),
            KeyValuePair.Create("end", last)
        );
        if (last != "sent")
        {
            Output.Warn($"Slack was not told: {last}");
        }
    }

    private Task<string> TellAsync(Notice notice, CancellationToken cancellationToken) =>
        Parts.Environment.SlackWebhook is { } url
            ? new SlackWebhook(http, url, Time).NotifyAsync(Redacted(notice), cancellationToken)
            : Task.FromResult("nobody is told: no webhook is set");

    private Notice Notice(NoticeKind kind) =>
        new(kind, Parts.Environment.Name, _state.Release!.Id, _run!.Id.Value, Holder.Name);

    private Redactor Redactor => field ??= new(_settings!.Secrets);

    // What leaves this machine holds no secret, whatever an error message quoted.
    private Notice Redacted(Notice notice) =>
        notice with
        {
            Cause = Redacted(notice.Cause),
            State = Redacted(notice.State),
            Next = Redacted(notice.Next),
        };

    private string? Redacted(string? text) => text is null ? null : Redactor.Text(text);
}

using Slipway.Migrations;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Puts users back on the last verified release; the schema stays as it is.</summary>
    /// <exception cref="SlipwayException">There is none, or it may not run on the schema and no reason was given.</exception>
    public async Task<StepReport> RollbackAsync(CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var entries = await parts.Book.ReadAsync(cancellationToken);
        var serving = await parts.Releaser.ServingAsync(cancellationToken);
        var target =
            ReleaseBook.LastVerified(entries, serving)
            ?? throw NothingToGoBackTo(parts.Environment.Name, serving, entries);
        var since = (await ReadMigrationsAsync(cancellationToken)).AppliedSince(target.Newest);
        RefuseSchema(target, [.. since.Where(migration => migration.Verdict is not SchemaVerdict.Expand)]);
        if (options.DryRun)
        {
            return StepReport.WouldDo($"put users back on release {target.Id} in place of {serving ?? "none"}");
        }

        var back = new Release(target.Id, target.Commit);
        _state.Release = back;
        await BeginAsync(cancellationToken);
        _state.Stage = Stage.Rollback;
        var from = entries.FirstOrDefault(entry => entry.Id == serving);
        var failed = new Release(serving ?? "none", from?.Commit ?? "");
        _run!.Lock.Settle();
        await SwitchBackByHandAsync(back, failed, known: from is not null, cancellationToken);
        return StepReport.Done(
            $"{back.Id} is live again in place of {serving ?? "none"}",
            new("release", back.Id),
            new("in place of", serving ?? "none"),
            new("migrated since", string.Join(", ", since.Select(migration => migration.Name))),
            new("reason", options.Reason ?? "")
        );
    }

    // After a contract the way is forward; a person who knows better says why.
    private void RefuseSchema(ReleaseEntry target, IReadOnlyList<MigrationEntry> doubtful)
    {
        if (doubtful.Count > 0 && options.Reason is null)
        {
            var names = string.Join(", ", doubtful.Select(entry => $"{entry.Name} ({entry.Verdict})"));
            throw new SlipwayException(
                $"Release {target.Id} was verified before these migrations, and may not run on them: {names}",
                $"go forward with a release that works: ./build.sh Deploy --env {options.Environment}\n"
                    + $"  or, when you know that {target.Id} runs on this schema: "
                    + $"./build.sh Rollback --env {options.Environment} --reason \"…\"",
                ExitCode.Refused
            );
        }
    }

    private static SlipwayException NothingToGoBackTo(
        string environment,
        string? serving,
        IReadOnlyList<ReleaseEntry> entries
    )
    {
        var bad = entries
            .Where(entry => entry.State == ReleaseState.Bad)
            .Select(entry => $"{entry.Id} ({entry.Reason})");
        var others = string.Join(", ", bad);
        return new(
            $"In environment {environment} {(serving is null ? "no release" : $"release {serving}")} is live, and no other passed PostVerify"
                + (others.Length > 0 ? $"; not taken: {others}" : ""),
            "to change what is live, deploy a release that works",
            ExitCode.Refused
        );
    }

    private async Task SwitchBackByHandAsync(
        Release back,
        Release failed,
        bool known,
        CancellationToken cancellationToken
    )
    {
        var (parts, run) = (Parts, _run!.Id.Value);
        await PutBackAsync(failed, back, cancellationToken);
        if (known)
        {
            const string Reason = "rolled back by a person";
            await parts.Book.SetAsync(failed, ReleaseState.Bad, false, run, Reason, cancellationToken);
        }

        await parts.Book.SetAsync(back, ReleaseState.Verified, true, run, null, cancellationToken);
    }

    /// <summary>Frees a lock that is held, or was left by a run that died.</summary>
    public async Task UnlockAsync(string reason, CancellationToken cancellationToken)
    {
        var parts = await OpenAsync(cancellationToken);
        var lease = await DeployLock.ReadAsync(parts.Store, parts.Environment.Name, cancellationToken);
        if (lease is null)
        {
            Output.Line($"  the lock of environment {parts.Environment.Name} is free");
            return;
        }

        if (options.DryRun)
        {
            Output.Line(
                $"  would free it; it is kept by run {lease.Run} of {lease.Holder}: {lease.Reason ?? "it died"}"
            );
            return;
        }

        // Taking it proves that its holder is dead; a live one refuses.
        var id = RunId.New(Time);
        await using var taken = await DeployLock.AcquireAsync(
            parts.Store,
            parts.Environment.Name,
            parts.Environment.Database.Url,
            id,
            takeHeld: true,
            Time,
            cancellationToken
        );
        await RecordUnlockAsync(id, reason, lease);
        await taken.ReleaseAsync(cancellationToken);
        Output.Line($"  freed; it was kept by run {lease.Run} of {lease.Holder}: {lease.Reason ?? "it died"}");
    }

    private async Task RecordUnlockAsync(RunId id, string reason, DeployLease lease)
    {
        var recorder = NewRecorder(id);
        await recorder.AppendAsync(
            RunEvent.RunStarted,
            KeyValuePair.Create("environment", Parts.Environment.Name),
            KeyValuePair.Create("operator", Holder.Name),
            KeyValuePair.Create("asked", "Unlock")
        );
        await recorder.AppendAsync(
            RunEvent.RunFinished,
            KeyValuePair.Create("outcome", "unlocked"),
            KeyValuePair.Create("reason", reason),
            KeyValuePair.Create("was held by", $"{lease.Run} {lease.Holder}: {lease.Reason ?? "it died"}")
        );
    }

    /// <summary>Shows the settings in force and where each came from.</summary>
    public async Task ShowSettingsAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        Output.Line(SettingsTable.Text(_settings!));
    }
}

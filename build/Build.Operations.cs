using System.Collections.Generic;
using System.Threading.Tasks;
using Nuke.Common;
using Nuke.Common.IO;
using Slipway.Releases;
using Slipway.Settings;

/// <summary>Targets for what comes up beside a deploy.</summary>
partial class Build
{
    [Parameter(
        "Why, for the record (Unlock, Baseline, Resolve; Rollback and MigrateRollback where nothing proves that it is safe)."
    )]
    readonly string Reason;

    Target Rollback =>
        _ =>
            _.Description("Puts users back on the last verified release; the schema stays as it is")
                .Requires(() => Env)
                .Triggers(Conclude)
                .Executes(() => Step(nameof(Rollback), chain => chain.RollbackAsync));

    Target Resume =>
        _ =>
            _.Description("Goes on forward where a run died or was held for a person")
                .Requires(() => Env)
                .DependsOn(Deploy);

    Target Unlock =>
        _ =>
            _.Description("Frees a lock that is held for a person, or left by a run that died")
                .Requires(() => Env)
                .Requires(() => Reason)
                .Executes(() => Chain.UnlockAsync(Reason, Stop));

    Target Settings =>
        _ =>
            _.Description("Shows the settings in force and where each value came from")
                .Requires(() => Env)
                .Executes(() => Chain.ShowSettingsAsync(Stop));

    Target LocalDown =>
        _ =>
            _.Description("Stops everything of environment local; its data stays")
                .Executes(() => StopLocalAsync(removes: false));

    Target LocalReset =>
        _ =>
            _.Description("Stops everything of environment local and removes it, data and backups too")
                .Executes(ResetLocalAsync);

    async Task StopLocalAsync(bool removes)
    {
        RefuseElsewhere();
        var local = Composition.Local(RootDirectory);
        var releases = SettingsReader.ReleaseFolder(RootDirectory, Env ?? "local");
        List<string> running = [.. ProcessReleaser.Running(releases)];
        if (await local.IsUpAsync(Stop))
        {
            running.Add("the PostgreSQL server");
        }

        var listed = running.Count == 0 ? "nothing: nothing runs" : string.Join(", ", running);
        Composition.Output.Line($"  {(DryRun ? "would stop" : "stopping")} {listed}");
        if (!DryRun)
        {
            await ProcessReleaser.StopAllAsync(releases, Composition.Output.Time, Stop);
            await (removes ? local.EndAsync(Stop) : local.DownAsync(Stop));
        }
    }

    async Task ResetLocalAsync()
    {
        await StopLocalAsync(removes: true);
        var folder = Composition.Local(RootDirectory).Folder;
        Composition.Output.Line($"  {(DryRun ? "would remove" : "removing")} {folder}: database, backups, releases");
        Composition.Output.Line("  the records of runs stay in .nuke/temp/runs");
        if (!DryRun)
        {
            ((AbsolutePath)folder).DeleteDirectory();
        }
    }

    // These targets ask nobody, so they touch only what Slipway itself provided on this machine.
    void RefuseElsewhere()
    {
        if (Env is not null && !SettingsReader.IsProvisionedLocally(RootDirectory, Env))
        {
            throw new SlipwayException(
                $"Environment {Env} is not provisioned by Slipway on this machine, so it is not stopped or removed from here",
                "leave --env out (and the variable NUKE_ENV unset) to stop environment local",
                Slipway.Settings.ExitCode.BadInput
            );
        }
    }
}

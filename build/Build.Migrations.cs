using System.Threading.Tasks;
using Nuke.Common;

/// <summary>Targets for migrations apart from a deploy.</summary>
partial class Build
{
    [Parameter("How many migrations MigrateRollback undoes, the last applied first; one unless --to is given.")]
    readonly int? Steps;

    [Parameter("The migration of which Resolve writes that it is applied.")]
    readonly string Applied;

    [Parameter("The failed migration of which Resolve writes that it is undone.")]
    readonly string RolledBack;

    [Parameter("What the new migration does, in a few words (MigrationNew).")]
    readonly string Name;

    Target MigrateRollback =>
        _ =>
            _.Description("Undoes migrations by their down scripts: the last, --steps of them, or all after --to")
                .Requires(() => Env)
                .Requires(() => Steps == null || (Steps > 0 && To == null))
                .Executes(() => Chain.MigrateRollbackAsync(To, Steps, Stop));

    Target Baseline =>
        _ =>
            _.Description("Writes that a schema without a history contains the migrations up to --to; runs nothing")
                .Requires(() => Env)
                .Requires(() => To)
                .Requires(() => Reason)
                .Executes(() => Chain.BaselineAsync(To, Stop));

    Target Resolve =>
        _ =>
            _.Description("Writes that one migration is --applied or --rolled-back; runs nothing")
                .Requires(() => Env)
                .Requires(() => Applied == null != (RolledBack == null))
                .Requires(() => Reason)
                .Executes(() => Chain.ResolveAsync(Applied, RolledBack, Stop));

    Target MigrationNew =>
        _ =>
            _.Description("Makes the two files of a new migration, for projects without a tool of their own")
                .Requires(() => Env)
                .Requires(() => Name)
                .Executes(() => Chain.MigrationNewAsync(Name, Stop));

    async Task ShowMigrationsAsync()
    {
        await Step(nameof(MigrateStatus), chain => token => chain.MigrateStatusAsync(AsJson, token));
        End(Chain.StatusCode);
    }
}

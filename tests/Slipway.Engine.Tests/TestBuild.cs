using Nuke.Common;
using Nuke.Common.Execution;

namespace Slipway.Engine.Tests;

/// <summary>A build like one that people write, whose targets write down that they ran.</summary>
internal sealed class TestBuild : NukeBuild
{
    public List<string> Ran { get; } = [];

    [Parameter("Where to.")]
    public readonly string Env = null!;

    [Parameter("How many.")]
    public readonly int Replicas = 1;

    [Parameter("Only shows.")]
    public readonly bool DryRun = false;

    [Parameter("Key."), Secret]
    public readonly string? ApiKey = null;

    [Parameter("Machines.", Separator = ",")]
    public readonly string[] Machines = [];

    public bool Fails { get; set; }

    public bool Allowed { get; set; } = true;

    public Target Backup => _ => _.Description("Takes a backup").Executes(() => Ran.Add(nameof(Backup)));

    public Target Migrate =>
        _ =>
            _.DependsOn(Backup)
                .Executes(() =>
                {
                    Ran.Add(nameof(Migrate));
                    Nuke.Common.Assert.True(!Fails, "boom");
                });

    public Target Deploy => _ => _.DependsOn(Migrate).Requires(() => Env).Executes(() => Ran.Add(nameof(Deploy)));

    public Target Conclude =>
        _ =>
            _.Unlisted()
                .AssuredAfterFailure()
                .TriggeredBy(Backup)
                .After(Migrate, Deploy)
                .Executes(() => Ran.Add(nameof(Conclude)));

    public Target Notify => _ => _.OnlyWhenDynamic(() => Allowed).Executes(() => Ran.Add(nameof(Notify)));

    public IReadOnlyList<ExecutableTarget> Targets => TargetFactory.Create(this, []);
}

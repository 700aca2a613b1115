using System.Collections.Concurrent;
using Nuke.Common;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Tooling;

/// <summary>A build like one that people write; its targets print what they do.</summary>
[GitHubActions("deploy", GitHubActionsImage.UbuntuLatest, InvokedTargets = [nameof(Deploy)], EnvironmentName = "prod")]
internal sealed class Build : NukeBuild
{
    [Parameter("Where to.")]
    private readonly string Env = null!;

    [Parameter("How many.")]
    private readonly int Replicas = 1;

    [Parameter("Name of the target that fails.")]
    private readonly string FailAt = "";

    [Parameter("Key."), Secret]
    private readonly string ApiKey = "";

    [Parameter("Machines.", Separator = ",")]
    private readonly string[] Machines = [];

    [Parameter("Whether Optional runs.")]
    private readonly bool Allowed;

    [PathVariable("sh")]
    private readonly Tool Shell = null!;

    [PathVariable("no-such-program", SuppressWarnings = true)]
    private readonly Tool Missing = null!;

    public static int Main()
    {
        AppContext.SetData("Slipway.StopGrace", TimeSpan.FromSeconds(4));
        return Execute<Build>();
    }

    private Target Backup => _ => _.Description("Takes a backup").Executes(() => Do(nameof(Backup)));

    private Target Migrate => _ => _.DependsOn(Backup).Executes(() => Do(nameof(Migrate)));

    private Target Deploy =>
        _ =>
            _.Description("Deploys")
                .DependsOn(Migrate)
                .Requires(() => Env)
                .Executes(() =>
                {
                    Do(nameof(Deploy));
                    ReportSummary(summary =>
                    {
                        summary["replicas"] = $"{Replicas}";
                        summary["story"] = string.Join(' ', Enumerable.Repeat("a long story", 12));
                        return summary;
                    });
                });

    private Target Conclude =>
        _ =>
            _.Unlisted()
                .AssuredAfterFailure()
                .TriggeredBy(Backup, Wait)
                .After(Migrate, Deploy)
                .Executes(() => Do($"{nameof(Conclude)}, failing: {IsFailing}"));

    private Target Optional => _ => _.OnlyWhenDynamic(() => Allowed).Executes(() => Do(nameof(Optional)));

    private Target Show =>
        _ => _.Executes(() => Console.WriteLine($"{Env} {Replicas} [{string.Join('|', Machines)}] {Allowed}"));

    private Target Leak =>
        _ =>
            _.Executes(() =>
            {
                Console.Write(ApiKey[..3]);
                Console.WriteLine(ApiKey[3..]);
                ((ConcurrentDictionary<string, byte>)AppContext.GetData("Slipway.Masks")!).TryAdd("another secret", 0);
                throw new InvalidOperationException($"{ApiKey} and another secret");
            });

    private Target Wait =>
        _ =>
            _.Executes(async () =>
            {
                Console.WriteLine("waiting");
                await Task.Delay(Timeout.Infinite, (CancellationToken)AppContext.GetData("Slipway.CancellationToken")!);
            });

    private Target Deaf =>
        _ =>
            _.Executes(async () =>
            {
                Console.WriteLine("deaf");
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            });

    private Target Call =>
        _ =>
            _.Requires(() => Shell)
                .Executes(() =>
                {
                    var output = Shell("-c \"echo called; echo loud >&2\"");
                    Console.WriteLine($"{output.Count} lines: {output.StdToText()}");
                    Console.Write("\e[32mgreen\e[0m 10 %\rgreen 100 %\n");
                    ProcessTasks.StartShell("echo broken >&2; exit 7").AssertZeroExitCode();
                });

    private Target Refuse => _ => _.Executes(() => throw new RefusedException());

    private Target Look => _ => _.Executes(() => ExitCode = 10);

    private Target CallMissing => _ => _.Requires(() => Missing).Executes(() => Missing());

    private void Do(string what)
    {
        Console.WriteLine($"did {what}");
        if (FailAt == what)
        {
            throw new InvalidOperationException($"{what} broke");
        }
    }
}

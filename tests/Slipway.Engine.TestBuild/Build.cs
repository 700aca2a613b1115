using System.Collections.Concurrent;
using Nuke.Common;

/// <summary>A build like one that people write; its targets print what they do.</summary>
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

    public static int Main() => Execute<Build>();

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

    private void Do(string what)
    {
        Console.WriteLine($"did {what}");
        if (FailAt == what)
        {
            throw new InvalidOperationException($"{what} broke");
        }
    }
}

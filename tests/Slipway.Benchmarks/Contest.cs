using System.Globalization;

namespace Slipway.Benchmarks;

/// <summary>Programs that do the same work, in turn and in one sitting.</summary>
/// <param name="Title">What they do.</param>
/// <param name="Contenders">Ours first, the peers after it.</param>
public sealed record Contest(string Title, IReadOnlyList<Contender> Contenders)
{
    /// <summary>Runs everybody once to warm up, then all of them in turn, and prints medians and ratios.</summary>
    public async Task RunAsync(int rounds, TextWriter output)
    {
        foreach (var contender in Contenders)
        {
            await contender.RunAsync();
        }

        var results = Contenders.ToDictionary(contender => contender, _ => new List<Measured>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in Contenders)
            {
                results[contender].Add(await contender.RunAsync());
            }
        }

        var ours = Median(results[Contenders[0]], run => run.Wall);
        await output.WriteLineAsync(
            $"{Title}: {rounds} rounds in turn, medians; processor time of the program and of the server"
        );
        await output.WriteLineAsync($"  {"", -44}     wall   program    server    memory   ours is");
        foreach (var contender in Contenders)
        {
            var runs = results[contender];
            var wall = Median(runs, run => run.Wall);
            await output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {contender.Name, -44} {wall.TotalSeconds, 6:F2} s {Median(runs, run => run.Cpu).TotalSeconds, 7:F2} s {Median(runs, run => run.ServerCpu).TotalSeconds, 7:F2} s {runs.Max(run => run.Memory) >> 20, 5} MiB   {ours / wall:F2}×"
                )
            );
        }
    }

    private static TimeSpan Median(List<Measured> runs, Func<Measured, TimeSpan> of) =>
        runs.Select(of).Order().ElementAt(runs.Count / 2);
}

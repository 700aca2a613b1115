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

        var ours = Median(results[Contenders[0]]);
        await output.WriteLineAsync($"{Title}: {rounds} rounds in turn, medians");
        foreach (var contender in Contenders)
        {
            var wall = Median(results[contender]);
            var ratio = (ours / wall).ToString("0.00", CultureInfo.InvariantCulture);
            var memory = results[contender].Max(run => run.Memory) >> 20;
            await output.WriteLineAsync(
                $"  {contender.Name, -44} {wall.TotalMilliseconds, 8:F0} ms  {memory, 5} MiB  ours is {ratio}× this"
            );
        }
    }

    private static TimeSpan Median(List<Measured> runs) =>
        runs.Select(run => run.Wall).Order().ElementAt(runs.Count / 2);
}

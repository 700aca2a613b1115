using CsCheck;
using Slipway.Backups;
using Slipway.Backups.Restoring;

namespace Slipway.Tests.Backups.Restoring;

public sealed class RestorePlanTests
{
    [Fact]
    public void Everything_is_restored_once_and_big_tables_are_spread() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 6], Gen.Long[0, 1L << 40].Array[40])
            .Sample(input =>
            {
                var (count, processes, sizes) = input;
                var contents = Of(count);
                var tables = sizes
                    .Take(count)
                    .Select((size, at) => new TableRows($"public.t{at}", 1) { Bytes = size })
                    .ToList();

                var jobs = RestorePlan.Of(contents, tables, archives: 1, processes).Jobs;

                Assert.Equal(contents.All.Select(entry => entry.Id).Order(), jobs.SelectMany(job => job.Ids).Order());
                Assert.All(jobs.Index(), job => Assert.All(job.Item.After, before => Assert.True(before < job.Index)));
                // Everything that an entry needs was restored by the same process, or by one that is waited for.
                var places = jobs.Index().SelectMany(job => job.Item.Ids.Select(id => (id, job.Index))).ToDictionary();
                Assert.All(
                    contents.All.SelectMany(entry => Needs(entry).Select(need => (places[entry.Id], places[need]))),
                    pair => Assert.Contains(pair.Item2, Waits(jobs, pair.Item1))
                );
                var data = jobs.Where(job => job.ReadsData).ToList();
                Assert.InRange(data.Count, 1, processes);
                Assert.All(data, job => Assert.Equal(job.Ids.Order(), job.Ids));
                Assert.True(
                    Assert.Single(jobs, job => job.IsVerifying).Ids.DefaultIfEmpty().Max()
                        == contents.Data.DefaultIfEmpty().Max()
                );
                var weights = data.Select(job => job.Ids.Sum(id => Math.Max(50_000, sizes[id - 1000]))).ToList();
                Assert.True(weights.Max() - weights.Min() <= sizes.Take(count).Append(50_000).Max());
                Assert.All(
                    weights,
                    weight => Assert.True(data.Count == 1 || weight >= weights.Sum() / (10 * processes))
                );
            });

    // An index wants its table's rows too, and so does a foreign key.
    private static IEnumerable<int> Needs(TocEntry entry) =>
        entry.Id >= 2000
            ? entry.DependsOn.Concat(entry.DependsOn.Where(id => id < 1000).Select(id => id + 999))
            : entry.DependsOn;

    private static HashSet<int> Waits(IReadOnlyList<RestoreJob> jobs, int job)
    {
        var all = new HashSet<int> { job };
        foreach (var before in jobs[job].After)
        {
            all.UnionWith(Waits(jobs, before));
        }

        return all;
    }

    // Tables 1…, their rows 1000…, their indexes 2000…, foreign keys 3000…
    private static Contents Of(int count)
    {
        var tables = Enumerable.Range(0, count).ToList();
        List<TocEntry> all =
        [
            .. tables.Select(at => new TocEntry(at + 1, "TABLE", $"public t{at} owner")),
            .. tables.Select(at => new TocEntry(at + 1000, "TABLE DATA", $"public t{at} owner")
            {
                DependsOn = [at + 1],
            }),
            .. tables.Select(at => new TocEntry(at + 2000, at % 3 == 0 ? "CONSTRAINT" : "INDEX", $"public i{at} owner")
            {
                DependsOn = [at % 2 * at + 1],
            }),
            .. tables.Select(at => new TocEntry(at + 3000, "FK CONSTRAINT", $"public t{at} f owner")
            {
                DependsOn = [at + 1],
            }),
        ];
        return new(
            all,
            all.Where(entry => entry.Id < 1000).Select(entry => entry.Id).ToHashSet(),
            all.Where(entry => entry.Id is >= 1000 and < 2000).Select(entry => entry.Id).ToHashSet(),
            all.Where(entry => entry.Id >= 2000).Select(entry => entry.Id).ToHashSet()
        );
    }
}

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

                var plan = RestorePlan.Of(contents, tables, processes);

                var data = plan.Groups.SelectMany(group => group.Data).ToList();
                var indexes = plan.Groups.SelectMany(group => group.Indexes).SelectMany(ids => ids).ToList();
                var all = plan.Definitions.Concat(data).Concat(indexes).Concat(plan.Rest);
                Assert.Equal(contents.All.Select(entry => entry.Id).Order(), all.Order());
                Assert.InRange(plan.Groups.Count, 1, processes);
                Assert.All(plan.Groups, group => Assert.Equal(group.Data.Order(), group.Data));
                Assert.Equal(contents.Data.DefaultIfEmpty().Max(), plan.Groups[^1].Data.DefaultIfEmpty().Max());
                // An index follows its own table.
                Assert.All(
                    plan.Groups,
                    group =>
                        Assert.Equal(group.Data, group.Indexes.SelectMany(ids => ids).Select(id => id - 1000).Order())
                );
                var weights = plan
                    .Groups.Select(group => group.Data.Sum(id => Math.Max(50_000, sizes[id - 1000])))
                    .ToList();
                Assert.True(weights.Max() - weights.Min() <= sizes.Take(count).Append(50_000).Max());
                Assert.All(
                    weights,
                    weight => Assert.True(plan.Groups.Count == 1 || weight >= weights.Sum() / (10 * processes))
                );
            });

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
            .. tables.Select(at => new TocEntry(at + 2000, "INDEX", $"public i{at} owner") { DependsOn = [at + 1] }),
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

using CsCheck;
using Slipway.Backups;

namespace Slipway.Tests.Backups;

public sealed class DumpPlanTests
{
    [Fact]
    public void Every_table_is_dumped_once_and_the_load_is_shared() =>
        Gen.Select(Gen.Long[0, 1L << 40].Array[0, 300], Gen.Int[1, 16])
            .Sample(input =>
            {
                var (sizes, jobs) = input;
                var tables = sizes.Select((size, at) => ($"public.t{at}", size)).ToList();

                var apart = DumpPlan.Of(tables, jobs, bytesPerJob: 1);

                Assert.InRange(apart.Count, 0, jobs - 1);
                Assert.All(apart, Assert.NotEmpty);
                var names = apart.SelectMany(group => group).Select(table => table.Name).ToList();
                Assert.Distinct(names);
                var weights = apart
                    .Select(group => group.Sum(table => sizes[int.Parse(table.Name[1..], null)]))
                    .ToList();
                var rest = sizes.Sum() - weights.Sum();
                Assert.All(weights, weight => Assert.True(weight >= (weight + rest) / (10 * jobs) / jobs));
            });

    [Theory]
    [InlineData(1, 1L)]
    [InlineData(4, 1000L)]
    public void Nothing_is_dumped_apart_where_it_is_not_worth_a_process(int jobs, long bytesPerJob) =>
        Assert.Empty(DumpPlan.Of([("public.a", 1999), ("public.b", 2000)], jobs, bytesPerJob));

    [Fact]
    public void What_pg_dump_cannot_be_told_by_name_stays_with_the_rest()
    {
        var apart = DumpPlan.Of([("public.\"a\nb\"", 2000), ("public.\"c d\"", 2000)], 2, bytesPerJob: 1);

        Assert.Equal("\"public\".\"c d\"", $"{Assert.Single(Assert.Single(apart))}");
    }
}

using Slipway.S3;

namespace Slipway.Drivers.Tests.S3;

public sealed class S3PartPlanTests
{
    private const long Gibibyte = 1L << 30;
    private static readonly S3Settings Settings = new() { Bucket = "bucket", Region = "eu" };

    [Fact]
    public void Takes_the_default_when_nobody_knows_the_size() =>
        Assert.Equal(new(16 << 20, 4), S3PartPlan.For(Settings, null));

    [Theory]
    [InlineData(1, 16, 4)]
    [InlineData(10, 16, 4)]
    [InlineData(100, 113, 1)]
    [InlineData(500, 564, 1)]
    public void Stays_under_a_thousand_parts_and_within_the_memory_it_may_have(
        long gibibytes,
        int mebibytes,
        int parallel
    )
    {
        var plan = S3PartPlan.For(Settings, gibibytes * Gibibyte);

        Assert.Equal(new(mebibytes << 20, parallel), plan);
        Assert.InRange(gibibytes * Gibibyte / plan.PartSize, 0, 1000);
    }

    [Fact]
    public void Sends_more_at_once_when_it_may_have_more_memory() =>
        Assert.Equal(4, S3PartPlan.For(Settings with { BufferBytes = Gibibyte }, 100 * Gibibyte).Parallel);
}

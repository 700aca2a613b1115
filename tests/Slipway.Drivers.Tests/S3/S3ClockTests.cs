using Amazon;
using Slipway.Drivers.Tests.Support;
using Slipway.S3;

namespace Slipway.Drivers.Tests.S3;

[Trait("Needs", "Server")]
[Collection(nameof(Alone))]
public sealed class S3ClockTests(RadosGateway gateway) : IDisposable
{
    [Fact]
    public async Task A_clock_that_is_twenty_minutes_late_is_told_and_not_worked_around()
    {
        var token = TestContext.Current.CancellationToken;
        var settings = await gateway.CreateBucketAsync(token);
        using var store = new S3Store(settings, TimeProvider.System, null);
        AWSConfigs.ManualClockCorrection = TimeSpan.FromMinutes(-20);

        var error = await Assert.ThrowsAsync<S3StoreException>(() => store.ListAsync("", token));

        Assert.Equal((S3Cause.ClockSkew, "RequestTimeTooSkewed"), (error.Cause, error.Code));
    }

    public void Dispose() => AWSConfigs.ManualClockCorrection = null;
}

using Slipway.Drivers.Tests.Support;
using Slipway.S3;
using Slipway.Settings;

namespace Slipway.Drivers.Tests.S3;

/// <summary>What a real server says to what is wrong on our side.</summary>
[Trait("Needs", "Server")]
public sealed class S3ErrorTests(RadosGateway gateway) : IAsyncLifetime
{
    private S3Bench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await S3Bench.CreateAsync(gateway);

    public async ValueTask DisposeAsync()
    {
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_wrong_secret_key() =>
        await FailsAsync(
            S3Cause.BadSignature,
            _bench.Settings with
            {
                Credentials = RadosGateway.Credentials with { SecretKey = new Secret("wrong") },
            }
        );

    [Fact]
    public async Task An_unknown_access_key() =>
        await FailsAsync(
            S3Cause.UnknownAccessKey,
            _bench.Settings with
            {
                Credentials = RadosGateway.Credentials with { AccessKey = "AKIANOBODY" },
            }
        );

    [Fact]
    public async Task A_bucket_that_does_not_exist() =>
        await FailsAsync(S3Cause.NoSuchBucket, _bench.Settings with { Bucket = "no-such-bucket" });

    [Fact]
    public async Task A_bucket_in_another_region()
    {
        _bench.Proxy.Add(
            new() { Answer = (301, "PermanentRedirect"), Header = "x-amz-bucket-region: eu-central-1" },
            _ => true
        );

        var error = await FailsAsync(S3Cause.WrongRegion, _bench.Settings);

        Assert.Equal("set BACKUP_S3_REGION to eu-central-1 instead of default", error.Hint);
    }

    [Fact]
    public async Task Nobody_at_the_address()
    {
        await _bench.Proxy.GoAsync();

        await FailsAsync(S3Cause.Refused, _bench.Settings with { Attempts = 2 });
    }

    [Fact]
    public async Task A_host_that_does_not_exist() =>
        await FailsAsync(
            S3Cause.UnknownHost,
            _bench.Settings with
            {
                Endpoint = new("http://no-such-host.invalid"),
                Attempts = 2,
            }
        );

    [Fact]
    public async Task No_TLS_where_it_is_expected() =>
        await FailsAsync(
            S3Cause.Tls,
            _bench.Settings with
            {
                Endpoint = new($"https://127.0.0.1:{gateway.Address.Port}"),
                Attempts = 2,
            }
        );

    private async Task<S3StoreException> FailsAsync(S3Cause cause, S3Settings settings)
    {
        using var store = _bench.StoreWith(settings);

        var put = await Assert.ThrowsAsync<S3StoreException>(() =>
            store.PutAsync("a", (stream, token) => stream.WriteAsync(new byte[1], token).AsTask(), Token)
        );

        Assert.Equal(cause, put.Cause);
        Assert.DoesNotContain("secretsecret", put.ToString());
        return put;
    }
}

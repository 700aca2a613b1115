using Slipway.Drivers.Tests.Storage;
using Slipway.Drivers.Tests.Support;
using Slipway.S3;
using Slipway.Storage;

namespace Slipway.Drivers.Tests.S3;

[Trait("Needs", "Server")]
public sealed class S3StoreContractTests(RadosGateway gateway) : ObjectStoreContract, IAsyncLifetime
{
    private S3Store? _store;

    protected override IObjectStore Store => _store!;

    public async ValueTask InitializeAsync() =>
        _store = new(await gateway.CreateBucketAsync(TestContext.Current.CancellationToken), TimeProvider.System, null);

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return ValueTask.CompletedTask;
    }
}

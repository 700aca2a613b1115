using Slipway.Drivers.Tests.Support;
using Slipway.S3;

namespace Slipway.Drivers.Tests.S3;

[Trait("Needs", "Server")]
[Collection(nameof(Alone))]
public sealed class S3MemoryTests(RadosGateway gateway)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_300_MiB_both_ways_in_little_memory()
    {
        const int Chunks = 300;
        var settings = await gateway.CreateBucketAsync(Token);
        using var store = new S3Store(settings with { PartSize = 16 << 20 }, TimeProvider.System, null);
        var chunk = Bytes.Random(1 << 20);
        GC.Collect();
        var most = 0L;
        await store.PutAsync(
            "large",
            async (stream, token) =>
            {
                for (var index = 0; index < Chunks; index++)
                {
                    chunk[0] = (byte)index;
                    await stream.WriteAsync(chunk, token);
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
                }
            },
            Token
        );

        await using var stream = await store.OpenAsync("large", Token);
        var back = new byte[chunk.Length];
        for (var index = 0; index < Chunks; index++)
        {
            await stream!.ReadExactlyAsync(back, Token);
            chunk[0] = (byte)index;
            Assert.True(chunk.AsSpan().SequenceEqual(back), $"MiB {index} differs");
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
        }

        Assert.Equal(0, await stream!.ReadAsync(back, Token));
        Assert.InRange(most, 0, 150L << 20);
    }
}

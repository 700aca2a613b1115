using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Drivers.Tests.Support;
using Slipway.S3;
using Slipway.Storage;

namespace Slipway.Drivers.Tests.S3;

[Trait("Needs", "Server")]
public sealed class S3StoreTests(RadosGateway gateway) : IAsyncLifetime
{
    private const int Part = 5 << 20;
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

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(Part, 0)]
    [InlineData(Part + 1, 2)]
    [InlineData(2 * Part, 2)]
    [InlineData((2 * Part) + 7, 3)]
    public async Task Sends_in_one_piece_what_fits_a_part_and_the_rest_in_equal_parts(int size, int parts)
    {
        var content = Bytes.Random(size);

        await _bench.PutAsync("a", content);

        Assert.Equal(Bytes.Digest(content), Bytes.Digest(await _bench.KeptAsync("a")));
        Assert.Equal(Bytes.Digest(content), Bytes.Digest(await _bench.ReadAsync("a")));
        var sizes = _bench
            .Proxy.Requests.Where(r => r.Part is not null)
            .OrderBy(r => r.Part)
            .Select(r => r.BodyLength)
            .ToList();
        Assert.Equal(parts, sizes.Count);
        Assert.All(sizes.SkipLast(1), length => Assert.Equal(Part, length));
    }

    [Fact]
    public async Task Says_what_to_do_when_there_are_too_many_parts()
    {
        using var store = _bench.StoreWith(_bench.Settings with { MaxParts = 2 });

        var error = await Assert.ThrowsAsync<S3StoreException>(() =>
            store.PutAsync("a", (stream, token) => stream.WriteAsync(new byte[(2 * Part) + 1], token).AsTask(), Token)
        );

        Assert.Equal(S3Cause.TooManyParts, error.Cause);
        Assert.Contains("more than 2 parts of 5 MiB", error.Message);
        Assert.Equal((0, 0), await _bench.LeftAsync());
    }

    [Fact]
    public async Task Lists_more_than_a_page_and_only_its_own()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1005),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token },
            async (index, _) => await _bench.KeepAsync($"many/{index:0000}", [1])
        );
        await _bench.KeepAsync("many/folder/", []);

        var listed = await _bench.Store.ListAsync("many/", Token);

        Assert.Equal(Enumerable.Range(0, 1005).Select(index => $"many/{index:0000}"), listed.Select(item => item.Key));
    }

    [Fact]
    public async Task Clears_up_after_a_killed_run_but_not_after_a_living_one()
    {
        await _bench.LeaveUploadAsync("backups/a");

        Assert.Empty(await _bench.Store.AbortStaleUploadsAsync(TimeSpan.FromHours(1), Token));
        Assert.Equal((0, 1), await _bench.LeftAsync());

        Assert.Equal(["backups/a"], await _bench.Store.AbortStaleUploadsAsync(TimeSpan.FromMinutes(-5), Token));
        Assert.Equal((0, 0), await _bench.LeftAsync());
    }

    [Fact]
    public async Task Leaves_unfinished_uploads_of_others_alone()
    {
        await _bench.LeaveUploadAsync("backups/a");
        using var other = _bench.StoreWith(_bench.Settings with { Prefix = "elsewhere/" });

        Assert.Empty(await other.AbortStaleUploadsAsync(TimeSpan.FromMinutes(-5), Token));
    }

    [Fact]
    public async Task Lets_exactly_one_of_two_machines_win()
    {
        using var other = _bench.StoreWith(_bench.Settings);

        var won = await Task.WhenAll(
            _bench.Store.TryCreateAsync("lock", new byte[] { 1 }, Token),
            other.TryCreateAsync("lock", new byte[] { 2 }, Token)
        );

        Assert.Single(won, true);
        Assert.Equal(won[0] ? [1] : [2], await _bench.KeptAsync("lock"));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(Part + 1000)]
    public async Task Locks_backups_against_deletion_and_nothing_else(int size)
    {
        await using var locked = await S3Bench.CreateAsync(gateway, hasObjectLock: true);
        using var store = locked.StoreWith(
            locked.Settings with
            {
                Retention = new(S3RetentionMode.Compliance, TimeSpan.FromDays(30)),
            }
        );
        foreach (var key in new[] { "backups/a", "locks/a" })
        {
            await store.PutAsync(key, (stream, token) => stream.WriteAsync(Bytes.Random(size), token).AsTask(), Token);
        }

        using var client = gateway.Client();
        var backup = await client.GetObjectMetadataAsync(locked.Settings.Bucket, "slipway/backups/a", Token);
        var lease = await client.GetObjectMetadataAsync(locked.Settings.Bucket, "slipway/locks/a", Token);
        Assert.Equal(ObjectLockMode.Compliance, backup.ObjectLockMode);
        Assert.Null(lease.ObjectLockMode);
        await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            client.DeleteObjectAsync(
                new DeleteObjectRequest
                {
                    BucketName = locked.Settings.Bucket,
                    Key = "slipway/backups/a",
                    VersionId = backup.VersionId,
                },
                Token
            )
        );
    }

    [Fact]
    public async Task Says_until_when_a_locked_object_stays()
    {
        await using var locked = await S3Bench.CreateAsync(gateway, hasObjectLock: true);
        using var store = locked.StoreWith(
            locked.Settings with
            {
                Retention = new(S3RetentionMode.Governance, TimeSpan.FromDays(30)),
            }
        );
        await store.PutAsync("backups/a", (stream, token) => stream.WriteAsync(new byte[1], token).AsTask(), Token);

        // This server puts a delete marker on it; others refuse.
        locked.Proxy.Add(new() { Answer = (403, "AccessDenied") }, request => request.Method is "DELETE");
        var error = await Assert.ThrowsAsync<ObjectLockedException>(() => store.DeleteAsync("backups/a", Token));

        Assert.InRange(error.Until!.Value, DateTimeOffset.UtcNow.AddDays(29), DateTimeOffset.UtcNow.AddDays(31));
        Assert.Contains("locked until", error.Message);
    }
}

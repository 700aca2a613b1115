using Slipway.Drivers.Tests.Support;
using Slipway.S3;

namespace Slipway.Drivers.Tests.S3;

/// <summary>What goes wrong between us and a real server, and what is left of it.</summary>
[Trait("Needs", "Server")]
public sealed class S3FaultTests(RadosGateway gateway) : IAsyncLifetime
{
    private const int Part = 5 << 20;
    private readonly byte[] _large = Bytes.Random((4 * Part) + 1234);
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
    [InlineData(500, "InternalError")]
    [InlineData(503, "SlowDown")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task Sends_only_the_part_again_that_failed(int status, string code)
    {
        _bench.Proxy.Add(new() { Answer = (status, code) }, request => request.Part == 3, times: 2);

        await _bench.PutAsync("a", _large);

        Assert.Equal(Bytes.Digest(_large), Bytes.Digest(await _bench.KeptAsync("a")));
        Assert.Equal([1, 2, 3, 3, 3, 4, 5], _bench.Proxy.Requests.Select(r => r.Part).OfType<int>().Order());
        Assert.Equal(2, _bench.Warnings.Count);
        Assert.All(_bench.Warnings, warning => Assert.Contains($"({status}, {code}, request tx0)", warning));
    }

    [Fact]
    public async Task Goes_on_after_a_reset_in_the_middle_of_a_part()
    {
        _bench.Proxy.Add(new() { ResetsRequestAfter = 1_000_000 }, request => request.Part == 2);

        await _bench.PutAsync("a", _large);

        Assert.Equal(Bytes.Digest(_large), Bytes.Digest(await _bench.KeptAsync("a")));
        Assert.Single(_bench.Warnings);
    }

    [Fact]
    public async Task Gives_up_on_a_try_that_takes_too_long_and_tries_again()
    {
        using var store = _bench.StoreWith(_bench.Settings with { AttemptTimeout = TimeSpan.FromSeconds(3) });
        _bench.Proxy.Add(new() { Delay = TimeSpan.FromMinutes(5) }, request => request.Part == 2);

        await store.PutAsync("a", (stream, token) => stream.WriteAsync(_large, token).AsTask(), Token);

        Assert.Equal(Bytes.Digest(_large), Bytes.Digest(await _bench.KeptAsync("a")));
        Assert.Contains("no answer in time", Assert.Single(_bench.Warnings));
    }

    [Fact]
    public async Task Waits_for_a_store_that_is_gone_for_a_while()
    {
        await _bench.PutAsync("a", [1]);
        await _bench.Proxy.GoAsync();

        var put = _bench.PutAsync("a", _large);
        while (
            !_bench.Warnings.ToArray().Any(warning => warning.Contains("Connection refused", StringComparison.Ordinal))
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), Token);
        }

        _bench.Proxy.ComeBack();
        await put;

        Assert.Equal(Bytes.Digest(_large), Bytes.Digest(await _bench.KeptAsync("a")));
    }

    [Fact]
    public async Task Sends_a_part_again_that_was_changed_on_its_way()
    {
        _bench.Proxy.Add(new() { FlipsRequestAt = 77_777 }, request => request.Part == 2);

        await _bench.PutAsync("a", _large);

        Assert.Equal(Bytes.Digest(_large), Bytes.Digest(await _bench.KeptAsync("a")));
        Assert.Contains("400", Assert.Single(_bench.Warnings));
    }

    [Fact]
    public async Task Knows_that_the_object_is_there_when_only_the_last_answer_was_lost()
    {
        _bench.Proxy.Add(
            new() { LosesAnswer = true },
            request => request.Method is "POST" && request.Target.Contains("uploadId", StringComparison.Ordinal)
        );

        await _bench.PutAsync("a", _large);

        Assert.Equal(Bytes.Digest(_large), Bytes.Digest(await _bench.KeptAsync("a")));
        Assert.Equal((1, 0), await _bench.LeftAsync());
    }

    [Fact]
    public async Task Leaves_nothing_when_a_part_fails_for_good()
    {
        _bench.Proxy.Add(new() { Answer = (403, "AccessDenied") }, request => request.Part == 2);

        var error = await Assert.ThrowsAsync<S3StoreException>(() => _bench.PutAsync("a", _large));

        Assert.Equal((S3Cause.AccessDenied, 403, "slipway/a"), (error.Cause, error.Status, error.Key));
        Assert.Equal((0, 0), await _bench.LeftAsync());
    }

    [Fact]
    public async Task Leaves_nothing_when_a_part_fails_every_time()
    {
        using var store = _bench.StoreWith(_bench.Settings with { Attempts = 3 });
        _bench.Proxy.Add(new() { Answer = (503, "SlowDown") }, request => request.Part == 2, times: 100);

        var error = await Assert.ThrowsAsync<S3StoreException>(() =>
            store.PutAsync("a", (stream, token) => stream.WriteAsync(_large, token).AsTask(), Token)
        );

        Assert.Contains("3 tries", error.Message);
        Assert.Equal(S3Cause.SlowDown, error.Cause);
        Assert.Equal((0, 0), await _bench.LeftAsync());
    }

    [Fact]
    public async Task Leaves_nothing_when_it_is_cancelled_midway()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _bench.Proxy.Add(new() { Delay = TimeSpan.FromMinutes(5) }, request => request.Part == 4, times: 100);

        var put = _bench.Store.PutAsync(
            "a",
            async (stream, token) =>
            {
                await stream.WriteAsync(_large, token);
                while (!_bench.Proxy.Requests.Any(request => request.Part == 4))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), token);
                }

                await cancel.CancelAsync();
                await stream.WriteAsync(_large, token);
            },
            cancel.Token
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
        Assert.Equal((0, 0), await _bench.LeftAsync());
    }

    [Fact]
    public async Task Stops_a_writer_that_would_wait_for_ever_when_a_part_has_failed()
    {
        _bench.Proxy.Add(new() { Answer = (403, "AccessDenied") }, request => request.Part == 1);

        var error = await Assert.ThrowsAsync<S3StoreException>(() =>
            _bench.Store.PutAsync(
                "a",
                async (stream, token) =>
                {
                    await stream.WriteAsync(_large, token);
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                },
                Token
            )
        );

        Assert.Equal(S3Cause.AccessDenied, error.Cause);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reads_on_at_the_same_byte_when_the_connection_ends(bool resets)
    {
        await _bench.KeepAsync("a", _large);
        var (first, second) = (7_654_321, 3_000_000);
        Fault Cut(int after) => resets ? new() { ResetsAnswerAfter = after } : new() { EndsAnswerAfter = after };
        _bench.Proxy.Add(Cut(first), request => request.Method is "GET");
        _bench.Proxy.Add(Cut(second), request => request.Method is "GET");

        Assert.Equal(Bytes.Digest(_large), Bytes.Digest(await _bench.ReadAsync("a")));

        var ranges = _bench.Proxy.Requests.Select(request => request.Header("Range")).OfType<string>().ToList();
        Assert.Equal(2, ranges.Count);
        Assert.All(ranges, range => Assert.NotEqual("bytes=0-", range));
        Assert.Equal(2, _bench.Proxy.Requests.Count(request => request.Header("If-Match") is not null));
    }

    [Fact]
    public async Task Does_not_mix_two_objects_when_one_is_replaced_while_it_is_read()
    {
        await _bench.KeepAsync("a", _large);
        _bench.Proxy.Add(new() { ResetsAnswerAfter = 1_000_000 }, request => request.Method is "GET");
        await using var stream = await _bench.Store.OpenAsync("a", Token);
        await stream!.ReadExactlyAsync(new byte[1000], Token);
        await _bench.KeepAsync("a", Bytes.Random(_large.Length, seed: 2));

        var error = await Assert.ThrowsAsync<S3StoreException>(() => stream.CopyToAsync(Stream.Null, Token));

        Assert.Equal(S3Cause.Changed, error.Cause);
    }

    [Fact]
    public async Task Notices_a_byte_that_comes_back_changed()
    {
        await _bench.PutAsync("a", Bytes.Random(1000));
        _bench.Proxy.Add(new() { FlipsAnswerAt = 500 }, request => request.Method is "GET");

        var error = await Assert.ThrowsAsync<S3StoreException>(() => _bench.ReadAsync("a"));

        Assert.Equal(S3Cause.Corrupted, error.Cause);
    }

    [Fact]
    public async Task Wins_a_lock_although_the_answer_was_lost()
    {
        await _bench.Store.TryCreateAsync("warm", new byte[1], Token);
        _bench.Proxy.Add(
            new() { LosesAnswer = true },
            request => request.Target.Contains("lock", StringComparison.Ordinal)
        );

        Assert.True(await _bench.Store.TryCreateAsync("lock", new byte[] { 1 }, Token));
        Assert.False(await _bench.Store.TryCreateAsync("lock", new byte[] { 2 }, Token));
    }

    [Fact]
    public async Task Loses_a_lock_when_the_request_was_lost_and_another_came_first()
    {
        await _bench.Store.TryCreateAsync("warm", new byte[1], Token);
        await _bench.KeepAsync("lock", [2]);
        _bench.Proxy.Add(
            new() { Answer = (500, "InternalError") },
            request => request.Target.Contains("lock", StringComparison.Ordinal)
        );

        Assert.False(await _bench.Store.TryCreateAsync("lock", new byte[] { 1 }, Token));
    }

    [Fact]
    public async Task Refuses_to_lock_where_the_store_ignores_the_condition()
    {
        // As some do: whatever is put is taken.
        _bench.Proxy.Add(new() { Answer = (200, "Taken") }, request => request.Method is "PUT", times: 100);

        var error = await Assert.ThrowsAsync<S3StoreException>(() =>
            _bench.Store.TryCreateAsync("lock", new byte[1], Token)
        );

        Assert.Equal(S3Cause.NotConditional, error.Cause);
        Assert.Equal((0, 0), await _bench.LeftAsync());
    }

    [Fact]
    public async Task Refuses_to_lock_where_the_store_does_not_know_the_condition()
    {
        _bench.Proxy.Add(
            new() { Answer = (501, "NotImplemented") },
            request => request.Header("If-None-Match") is not null,
            times: 100
        );

        var error = await Assert.ThrowsAsync<S3StoreException>(() =>
            _bench.Store.TryCreateAsync("lock", new byte[1], Token)
        );

        Assert.Equal(S3Cause.NotConditional, error.Cause);
    }
}

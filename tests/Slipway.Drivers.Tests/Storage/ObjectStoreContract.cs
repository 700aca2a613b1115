using System.Text;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Drivers.Tests.Storage;

/// <summary>What every object store must do.</summary>
public abstract class ObjectStoreContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IObjectStore Store { get; }

    [Fact]
    public async Task Gives_back_what_it_was_given()
    {
        await PutAsync("a/b.txt", "one");
        await PutAsync("a/b.txt", "two");

        Assert.Equal("two", await ReadAsync("a/b.txt"));
    }

    [Fact]
    public async Task Has_no_object_that_was_not_put() => Assert.Null(await Store.OpenAsync("a/none", Token));

    [Fact]
    public async Task Keeps_the_old_object_when_a_write_fails()
    {
        await PutAsync("a", "old");

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Store.PutAsync(
                "a",
                async (stream, token) =>
                {
                    await stream.WriteAsync("half"u8.ToArray(), token);
                    throw new InvalidDataException("cut");
                },
                Token
            )
        );

        Assert.Equal("old", await ReadAsync("a"));
        Assert.Single(await Store.ListAsync("", Token));
    }

    [Fact]
    public async Task Creates_an_object_only_once_however_many_try()
    {
        var tries = Enumerable
            .Range(0, 16)
            .Select(index =>
                Task.Run(() => Store.TryCreateAsync("lock", Encoding.UTF8.GetBytes($"{index}"), Token), Token)
            );

        var won = await Task.WhenAll(tries);

        Assert.Single(won, taken => taken);
        Assert.Equal($"{Array.IndexOf(won, true)}", await ReadAsync("lock"));
    }

    [Fact]
    public async Task Lists_by_prefix_in_ordinal_order()
    {
        foreach (var key in new[] { "b/2", "b/1", "b/B", "a", "bc" })
        {
            await PutAsync(key, key);
        }

        var listed = await Store.ListAsync("b/", Token);

        Assert.Equal(["b/1", "b/2", "b/B"], listed.Select(item => item.Key));
        Assert.All(listed, item => Assert.Equal(3, item.Size));
    }

    [Fact]
    public async Task Deletes_and_does_not_mind_doing_it_twice()
    {
        await PutAsync("a", "x");

        await Store.DeleteAsync("a", Token);
        await Store.DeleteAsync("a", Token);

        Assert.Empty(await Store.ListAsync("", Token));
    }

    [Fact]
    public async Task Lets_everybody_write_while_it_sweeps()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sweeping = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Assert.Empty(await Store.SweepAsync("a/", Token));
                }
            },
            Token
        );
        for (var index = 0; index < 100; index++)
        {
            await PutAsync($"a/{index % 3}/x", $"{index}");
            Assert.Equal($"{index}", await ReadAsync($"a/{index % 3}/x"));
            Assert.Equal(index == 0, await Store.TryCreateAsync("a/lock", "x"u8.ToArray(), Token));
            await Store.DeleteAsync($"a/{index % 3}/x", Token);
        }

        await stop.CancelAsync();
        await sweeping;
    }

    [Theory]
    [InlineData("")]
    [InlineData("../out")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/.hidden")]
    [InlineData("a b")]
    public async Task Refuses_keys_that_could_leave_the_store(string key) =>
        await Assert.ThrowsAsync<SlipwayException>(() => PutAsync(key, "x"));

    protected Task PutAsync(string key, string text) =>
        Store.PutAsync(key, (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), token).AsTask(), Token);

    private async Task<string> ReadAsync(string key)
    {
        await using var stream = await Store.OpenAsync(key, Token);
        using var reader = new StreamReader(stream!);
        return await reader.ReadToEndAsync(Token);
    }
}

using Slipway.Releases;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;

namespace Slipway.Tests.Releases;

public sealed class ReleaseBookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ReleaseBook Book => new(new FileStore(_folder.Path), "test", TimeProvider.System);

    [Fact]
    public async Task Remembers_the_migration_that_a_release_was_verified_on()
    {
        await Book.VerifiedAsync(new("one", "c1"), "20260101_a", "run", Token);
        await Book.VerifiedAsync(new("two", "c2"), "20260102_b", "run", Token);
        await Book.SetAsync(new("two", "c2"), ReleaseState.Bad, false, "run", "why", Token);

        var entries = await Book.ReadAsync(Token);

        var back = ReleaseBook.LastVerified(entries, "two")!;
        Assert.Equal(("one", "20260101_a", false), (back.Id, back.Newest, back.IsServing));
        Assert.Equal("20260102_b", entries[^1].Newest);
    }

    [Fact]
    public async Task Says_so_when_it_cannot_be_read()
    {
        Directory.CreateDirectory(_folder["releases"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["releases"], "test.json"), "[{", Token);

        var error = await Assert.ThrowsAsync<SlipwayException>(() => Book.ReadAsync(Token));

        Assert.Contains("releases/test.json", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, error.ExitCode);
    }

    public void Dispose() => _folder.Dispose();
}

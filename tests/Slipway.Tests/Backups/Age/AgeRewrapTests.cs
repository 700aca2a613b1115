using Slipway.Backups.Age;

namespace Slipway.Tests.Backups.Age;

/// <summary>Rotation of keys.</summary>
public sealed class AgeRewrapTests
{
    private static readonly X25519Identity Old = X25519Identity.Generate();
    private static readonly X25519Identity New = X25519Identity.Generate();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5_000_000)]
    public async Task Copies_a_file_for_other_keys(int length)
    {
        var content = AgeFile.Content(length);
        var file = await AgeFile.EncryptAsync(content, Old.Recipient);
        var copy = new MemoryStream();

        await AgeRewrap.CopyAsync(new HaltingStream(file, 70_000), [Old], copy, [New.Recipient], Token);

        Assert.Equal(content, await AgeFile.DecryptAsync(copy.ToArray(), New));
        await Assert.ThrowsAsync<AgeException>(() => AgeFile.DecryptAsync(copy.ToArray(), Old));
    }

    [Fact]
    public async Task Makes_a_header_that_fits_before_the_old_payload()
    {
        var file = await AgeFile.EncryptAsync(AgeFile.Content(100_000), Old.Recipient);

        // Of a large object only its beginning is fetched.
        var head = new MemoryStream(file[..(1 << 16)]);
        var header = await AgeRewrap.HeaderAsync(head, [Old], [New.Recipient, Old.Recipient], Token);

        byte[] copy = [.. header.Bytes.Span, .. file.AsSpan((int)header.PayloadOffset)];
        Assert.Equal(AgeFile.Content(100_000), await AgeFile.DecryptAsync(copy, New));
    }

    [Fact]
    public async Task Writes_nothing_when_no_key_fits()
    {
        var file = await AgeFile.EncryptAsync([1], Old.Recipient);
        var copy = new MemoryStream();

        await Assert.ThrowsAsync<AgeException>(() =>
            AgeRewrap.CopyAsync(new MemoryStream(file), [New], copy, [New.Recipient], Token)
        );

        Assert.Equal(0, copy.Length);
    }
}

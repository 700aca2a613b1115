using System.Text;
using Slipway.Backups.Age;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Age;

/// <summary>Who can open a file, and what is said when nobody can.</summary>
public sealed class AgeHeaderTests
{
    private static readonly X25519Identity Key = X25519Identity.Generate();
    private static readonly X25519Identity Other = X25519Identity.Generate();
    private static readonly PassphraseRecipient Quick = new(new("a passphrase for tests")) { WorkFactor = 4 };
    private static readonly PassphraseIdentity Passphrase = new(new("a passphrase for tests"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opens_with_any_of_its_keys_and_with_no_other()
    {
        var file = await AgeFile.EncryptAsync([1, 2, 3], Key.Recipient, Other.Recipient);

        Assert.Equal([1, 2, 3], await AgeFile.DecryptAsync(file, Key));
        Assert.Equal([1, 2, 3], await AgeFile.DecryptAsync(file, X25519Identity.Generate(), Passphrase, Other));
        await Assert.ThrowsAsync<AgeException>(() => AgeFile.DecryptAsync(file, X25519Identity.Generate()));
    }

    [Fact]
    public async Task Opens_with_its_passphrase()
    {
        var file = await AgeFile.EncryptAsync([1, 2, 3], Quick);

        Assert.Equal([1, 2, 3], await AgeFile.DecryptAsync(file, Key, Passphrase));
    }

    [Fact]
    public async Task Refuses_a_passphrase_beside_others_and_nobody_at_all()
    {
        await Assert.ThrowsAsync<SlipwayException>(() => AgeFile.EncryptAsync([], Quick, Key.Recipient));
        await Assert.ThrowsAsync<SlipwayException>(() => AgeFile.EncryptAsync([]));
    }

    [Fact]
    public async Task Refuses_a_header_that_does_not_end_without_reading_it_all()
    {
        var file = Encoding.ASCII.GetBytes(
            "age-encryption.org/v1\n" + string.Concat(Enumerable.Repeat("-> x\n\n", 5_000_000))
        );
        using var source = new MemoryStream(file);

        var error = await Assert.ThrowsAsync<AgeException>(() =>
            AgeDecryptingStream.OpenAsync(source, [Key], true, Token)
        );

        Assert.Equal(AgeProblem.HeaderBroken, error.Problem);
        Assert.InRange(source.Position, 0, 2 << 20);
    }

    [Fact]
    public async Task Refuses_a_passphrase_that_asks_for_too_much_memory()
    {
        var file = Encoding.ASCII.GetString(await AgeFile.EncryptAsync([], Quick)).Replace(" 4\n", " 21\n");

        var error = await Assert.ThrowsAsync<AgeException>(() =>
            AgeFile.DecryptAsync(Encoding.ASCII.GetBytes(file), Passphrase)
        );

        Assert.Equal(AgeProblem.HeaderBroken, error.Problem);
    }

    [Fact]
    public async Task Says_what_is_wrong_and_what_to_do()
    {
        var file = await AgeFile.EncryptAsync(AgeFile.Content(200_000), Key.Recipient);
        var text = Encoding.Latin1.GetString(file);
        var forged = text.Replace("\n--- ", "\n-> grease a\n\n--- ", StringComparison.Ordinal);
        var changed = (byte[])file.Clone();
        changed[^70_000] ^= 1;
        var passphrase = await AgeFile.EncryptAsync([], Quick);

        Approval.Match(
            string.Join(
                '\n',
                await SayAsync("empty", []),
                await SayAsync("six bytes", file[..6]),
                await SayAsync("armored", "-----BEGIN AGE ENCRYPTED FILE-----\n"),
                await SayAsync("another version", "age-encryption.org/v2\n-> X25519"),
                await SayAsync("a plain dump", "PGDMP\u0001\u0010 and a lot more text"),
                await SayAsync("a plain zstd", "(\u00b5/\u00fd and a lot more text"),
                await SayAsync("anything else", "<html>and a lot more text</html>"),
                await SayAsync("half a header", file[..60]),
                await SayAsync("a changed header", forged),
                await SayAsync("no nonce", file[..(text.IndexOf("\n--- ", StringComparison.Ordinal) + 55)]),
                await SayAsync("another key", file, Other),
                await SayAsync("no key", file, []),
                await SayAsync("a passphrase instead of a key", file, Passphrase),
                await SayAsync("a key instead of a passphrase", passphrase),
                await SayAsync("a changed byte", changed),
                await SayAsync("half a file", file[..100_000]),
                await SayAsync("a file cut off between chunks", file[..^(200_000 - (3 << 16) + 16)]),
                await SayAsync("more behind it", [.. await AgeFile.EncryptAsync(new byte[1 << 16], Key.Recipient), 1])
            )
        );
    }

    private static Task<string> SayAsync(string what, string file) => SayAsync(what, Encoding.Latin1.GetBytes(file));

    private static Task<string> SayAsync(string what, byte[] file) => SayAsync(what, file, Key);

    private static async Task<string> SayAsync(string what, byte[] file, params AgeIdentity[] keys)
    {
        var error = await Assert.ThrowsAsync<AgeException>(() => AgeFile.DecryptAsync(file, keys));
        return $"{what}: {error.Problem}\n  {error.Message}\n  HINT: {error.Hint}\n";
    }
}

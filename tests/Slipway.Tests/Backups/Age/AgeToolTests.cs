using Slipway.Backups.Age;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Age;

/// <summary>Files that the age tool opens without us, and we without it.</summary>
[Trait("Needs", "Server")]
public sealed class AgeToolTests : IDisposable
{
    private const string Words = "seven wild geese over a lake";
    private readonly TemporaryFolder _folder = new();
    private readonly X25519Identity _key = X25519Identity.Generate();
    private readonly X25519Identity _other = X25519Identity.Generate();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(131_073)]
    [InlineData(3_000_000)]
    public async Task Age_opens_what_we_wrote(int length)
    {
        Tool.Require("age");
        var content = AgeFile.Content(length);
        await SaveAsync("x.age", await AgeFile.EncryptAsync(content, _key.Recipient, _other.Recipient));

        Assert.Equal(content, await AgeDecryptsAsync(_key));
        Assert.Equal(content, await AgeDecryptsAsync(_other));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(131_073)]
    [InlineData(3_000_000)]
    public async Task We_open_what_age_wrote(int length)
    {
        Tool.Require("age");
        var content = AgeFile.Content(length);
        await SaveAsync("x", content);
        await Tool.RunAsync(
            "age",
            "-r",
            $"{_key.Recipient}",
            "-r",
            $"{_other.Recipient}",
            "-o",
            _folder["x.age"],
            _folder["x"]
        );

        Assert.Equal(content, await AgeFile.DecryptAsync(await LoadAsync("x.age"), _key));
        Assert.Equal(content, await AgeFile.DecryptAsync(await LoadAsync("x.age"), _other));
    }

    [Fact]
    public async Task Age_and_we_agree_on_passphrases()
    {
        Tool.Require("age", "script");
        var content = AgeFile.Content(100_000);
        await SaveAsync("x", content);
        await SaveAsync("ours.age", await AgeFile.EncryptAsync(content, new PassphraseRecipient(new(Words))));

        await AtTerminalAsync($"age -d -o {_folder["back"]} {_folder["ours.age"]}", Words);
        await AtTerminalAsync($"age -p -o {_folder["theirs.age"]} {_folder["x"]}", Words, Words);

        Assert.Equal(content, await LoadAsync("back"));
        Assert.Equal(
            content,
            await AgeFile.DecryptAsync(await LoadAsync("theirs.age"), new PassphraseIdentity(new(Words)))
        );
    }

    [Fact]
    public async Task Age_opens_with_a_key_that_was_derived_of_random_bytes()
    {
        Tool.Require("age", "openssl");
        var random = (await Tool.RunAsync("openssl", "rand", "-base64", "32")).Trim();
        Assert.True(BackupKey.TryParse("KEY", new(random), out var key, out _));
        await SaveAsync("x.age", await AgeFile.EncryptAsync([1, 2, 3], key.Recipients));

        Assert.Equal([1, 2, 3], await AgeDecryptsAsync((X25519Identity)key.Identities.Single()));
    }

    [Fact]
    public async Task Age_opens_a_file_whose_key_was_rotated()
    {
        Tool.Require("age");
        var file = await AgeFile.EncryptAsync(AgeFile.Content(200_000), _key.Recipient);
        await using (var copy = File.Create(_folder["x.age"]))
        {
            await AgeRewrap.CopyAsync(new MemoryStream(file), [_key], copy, [_other.Recipient], Token);
        }

        Assert.Equal(AgeFile.Content(200_000), await AgeDecryptsAsync(_other));
    }

    [Fact]
    public async Task We_read_the_keys_that_age_keygen_makes()
    {
        Tool.Require("age-keygen");
        var made = await Tool.RunAsync("age-keygen");

        Assert.True(BackupKey.TryParse("KEY", new(made), out var key, out _));
        Assert.Contains($"# public key: {key.Recipients.Single()}", made, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<byte[]> AgeDecryptsAsync(X25519Identity identity)
    {
        await File.WriteAllTextAsync(_folder["key"], identity.Export().Reveal(), Token);
        await Tool.RunAsync("age", "-d", "-i", _folder["key"], "-o", _folder["back"], _folder["x.age"]);
        // age makes no file for no content.
        return File.Exists(_folder["back"]) ? await LoadAsync("back") : [];
    }

    // age takes a passphrase from a terminal only.
    private static Task<string> AtTerminalAsync(string command, params string[] answers) =>
        Tool.RunAsync(
            "sh",
            "-c",
            $"({string.Join("; ", answers.Select(answer => $"sleep 1; echo '{answer}'"))}; sleep 3) | script -qec '{command}' /dev/null"
        );

    private Task SaveAsync(string name, byte[] content) => File.WriteAllBytesAsync(_folder[name], content, Token);

    private Task<byte[]> LoadAsync(string name) => File.ReadAllBytesAsync(_folder[name], Token);
}

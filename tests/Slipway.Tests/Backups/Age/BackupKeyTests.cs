using System.Text;
using CsCheck;
using Slipway.Backups.Age;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Age;

/// <summary>The forms of BACKUP_ENCRYPTION_KEY.</summary>
public sealed class BackupKeyTests
{
    // From the specification of the format.
    private const string SecretKey = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
    private const string PublicKey = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    private const string Hex = "8f0c2b6d4e1a7359c86f20d1b4e7a39556c3d2f1087e9bab4c5d6e7f80912a3b";
    private static readonly X25519Identity Other = X25519Identity.Generate();

    [Fact]
    public async Task Derives_the_recipient_of_a_secret_key()
    {
        var key = Read(SecretKey);

        Assert.Equal(PublicKey, key.Recipients.Single().ToString());
        Assert.Equal(SecretKey, key.Export().Single().Reveal());
        Assert.True(key.CanRead);
        await RoundTripAsync(key);
    }

    [Fact]
    public void Only_writes_with_public_keys()
    {
        var key = Read($"{PublicKey},\n {Other.Recipient} {PublicKey}");

        Assert.Equal([PublicKey, $"{Other.Recipient}"], key.Recipients.Select(recipient => recipient.ToString()));
        Assert.False(key.CanRead);
        Assert.Empty(key.Export());
    }

    [Fact]
    public async Task Writes_with_the_first_of_several_secret_keys_and_reads_with_all()
    {
        var key = Read($"{SecretKey},{Other.Export().Reveal()}");

        Assert.Equal([PublicKey], key.Recipients.Select(recipient => recipient.ToString()));
        Assert.Equal(2, key.Identities.Count);
        Assert.Equal([7], await AgeFile.DecryptAsync(await AgeFile.EncryptAsync([7], Other.Recipient), key.Identities));
        await RoundTripAsync(key);
    }

    [Fact]
    public async Task Writes_for_an_escrow_too()
    {
        var key = Read($"{PublicKey}\n{Other.Export().Reveal()}");

        Assert.Equal(2, key.Recipients.Count);
        Assert.True(key.CanRead);
        await RoundTripAsync(key);
    }

    [Fact]
    public void Takes_the_file_that_age_keygen_writes() =>
        Assert.Equal(
            [PublicKey],
            Read($"# created: 2026-11-24\n# public key: {PublicKey}\n{SecretKey}\n").Recipients.Select(one => $"{one}")
        );

    [Fact]
    public async Task Makes_the_same_key_of_the_same_bytes_forever()
    {
        var base64 = Convert.ToBase64String(Convert.FromHexString(Hex));

        var keys = new[] { Hex, Hex.ToUpperInvariant(), base64 }.Select(Read).ToList();

        Assert.All(keys, key => Assert.Equal(["a4d0facb22966a31"], key.KeyIds));
        await RoundTripAsync(keys[0]);
        await RoundTripAsync(Read(keys[0].Export().Single().Reveal()));
    }

    [Fact]
    public void Takes_anything_else_as_a_passphrase()
    {
        var key = Read("  korrekt Pferd, Batterie und Hefteisen ");

        Assert.Equal(["passphrase"], key.KeyIds);
        Assert.IsType<PassphraseIdentity>(key.Identities.Single());
        Assert.Empty(key.Export());
        // openssl rand -base64 24 and -hex 16: random too, though no key.
        Assert.Equal(["passphrase"], Read("pZ0n3Vg8sLq1Jr5xT7uYbWcE2kMdAhFi").KeyIds);
        Assert.Equal(["passphrase"], Read("9f86d081884c7d659a2feaa0c55ad015").KeyIds);
    }

    [Fact]
    public void Has_an_id_that_anybody_can_compute() =>
        // printf %s age1… | sha256sum | head -c 16
        Assert.Equal(["6a804773982840fa"], Read(PublicKey).KeyIds);

    [Fact]
    public void Says_what_is_wrong_without_repeating_it()
    {
        string[] values =
        [
            "",
            "your-production-encryption-key",
            "changeme-changeme-changeme",
            "Password1234567890!",
            "<generate a long key>",
            "short",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "correcthorsecorrecthorse",
            "abcdefghijklmnopqrstuvwxyz",
            "a passphrase\nof two lines",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq",
            SecretKey[..^1],
            SecretKey.Replace("GFPYY", "GFPYQ", StringComparison.Ordinal),
            SecretKey.ToLowerInvariant(),
            SecretKey[..20] + SecretKey[20..].ToLowerInvariant(),
            SecretKey[1..],
            SecretKey[16..],
            PublicKey[..^2],
            PublicKey + "q",
            PublicKey.ToUpperInvariant(),
            PublicKey.Replace("age1z", "agf1z", StringComparison.Ordinal),
            PublicKey[4..],
            $"# {SecretKey}",
            Bech32.Encode("age", new byte[32]),
            Bech32.Encode("age1pq", AgeFile.Content(32)),
            Bech32.Encode("age", AgeFile.Content(16)),
            $"{PublicKey}, some words",
            $"{PublicKey}, {SecretKey[..^3]}",
            Hex[1..],
            Hex + "0",
            string.Concat(Enumerable.Repeat("deadbeef", 8)),
            Convert.ToBase64String(Convert.FromHexString(Hex)).Replace("s=", "t=", StringComparison.Ordinal),
        ];

        Approval.Match(string.Join('\n', values.Select(value => $"{Shown(value)}\n  {Refuse(value)}")));
    }

    [Fact]
    public void Never_fails_and_never_repeats_a_value()
    {
        var piece = Gen.OneOf(
            Gen.OneOfConst(
                "age1",
                "AGE-SECRET-KEY-1",
                "secret-key",
                " ",
                ",",
                "\n",
                "#",
                "=",
                "1",
                "\ud800",
                SecretKey,
                PublicKey,
                Hex
            ),
            Gen.String[0, 20],
            Gen.String[Gen.Char["qpzry9x8gf2tvdw0s3jn54khce6mua7l"], 30, 60],
            Gen.String[Gen.Char["0123456789abcdef"], 60, 68]
        );
        piece
            .Array[0, 6]
            .Select(string.Concat)
            .Sample(
                text =>
                {
                    var done = BackupKey.TryParse("KEY", new(text), out var key, out var problem);

                    Assert.Equal(done, key is not null);
                    Assert.Equal(done, problem is null);
                    foreach (var word in text.Split([' ', ',', '\n']).Where(word => word.Length >= 12))
                    {
                        Assert.DoesNotContain(word, $"{problem}", StringComparison.Ordinal);
                    }
                },
                iter: 5_000
            );
    }

    [Fact]
    public void Never_takes_a_mistyped_key_for_a_passphrase() =>
        Gen.Select(Gen.OneOfConst(SecretKey, PublicKey), Gen.Int[0, 1000], Gen.Char[' ', '~'], Gen.Int[0, 2])
            .Sample(
                (text, place, letter, kind) =>
                {
                    place %= text.Length;
                    var mistyped =
                        kind == 0 ? text.Remove(place, 1)
                        : kind == 1 ? text.Insert(place, $"{letter}")
                        : text.Remove(place, 1).Insert(place, $"{letter}");

                    var done = BackupKey.TryParse("KEY", new(mistyped), out var key, out _);

                    Assert.True(!done || key!.Recipients.Single().ToString() == PublicKey, mistyped);
                },
                iter: 5_000
            );

    private static BackupKey Read(string value) =>
        BackupKey.TryParse("BACKUP_ENCRYPTION_KEY", new(value), out var key, out var problem)
            ? key
            : throw new InvalidOperationException($"{problem}");

    private static SettingsProblem Refuse(string value)
    {
        Assert.False(BackupKey.TryParse("BACKUP_ENCRYPTION_KEY", new(value), out _, out var problem), value);
        return problem!;
    }

    private static string Shown(string value) => value.Replace("\n", "\\n", StringComparison.Ordinal);

    private static async Task RoundTripAsync(BackupKey key)
    {
        var content = Encoding.UTF8.GetBytes("content");
        Assert.Equal(
            content,
            await AgeFile.DecryptAsync(await AgeFile.EncryptAsync(content, key.Recipients), key.Identities)
        );
    }
}

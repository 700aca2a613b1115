using CsCheck;
using Slipway.Backups;
using Slipway.Backups.Age;
using Slipway.Settings;

namespace Slipway.Tests.Backups;

public sealed class ArchiveTests
{
    private static readonly BackupKey Ours = KeyOf(
        "the quick brown fox jumps over 13 lazy dogs' heads".Replace(' ', '-')
    );
    private static readonly BackupKey Key = KeyOf(
        Convert.ToHexString(Enumerable.Range(1, 32).Select(n => (byte)n).ToArray())
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Sizes => [0, 1, 65_535, 65_536, 1 << 20, (1 << 20) + 1, 5_000_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Comes_back_as_it_was_written(int size)
    {
        var content = Content(size);
        foreach (var key in new[] { Key, null })
        {
            var (archive, stored) = await WriteAsync(content, key);
            var read = new MemoryStream();

            var problem = await ReadAsync(archive, stored, key, read);

            Assert.Null(problem);
            Assert.Equal(content, read.ToArray());
            Assert.Equal(stored.Length, archive.Sums.Bytes);
        }
    }

    [Fact]
    public async Task Is_never_whole_whatever_byte_is_changed_and_never_hangs()
    {
        var (archive, stored) = await WriteAsync(Content(300_000), Key);
        var bare = await WriteAsync(Content(300_000), null);
        await Gen.Select(Gen.Bool, Gen.Int[0, int.MaxValue], Gen.Int[1, 255])
            .SampleAsync(
                async change =>
                {
                    var (encrypted, at, bits) = change;
                    var (what, bytes) = encrypted ? (archive, stored) : (bare.Archive, bare.Stored);
                    var broken = bytes.ToArray();
                    broken[at % broken.Length] ^= (byte)bits;
                    return await ReadAsync(what, broken, encrypted ? Key : null, Stream.Null) is not null;
                },
                iter: 300
            );
    }

    [Fact]
    public async Task Is_never_whole_when_bytes_are_missing_added_or_swapped()
    {
        foreach (var key in new[] { Key, null })
        {
            var (archive, stored) = await WriteAsync(Content(300_000), key);
            byte[][] broken =
            [
                stored[..^1],
                stored[..(stored.Length / 2)],
                [],
                [.. stored, 0],
                [.. stored, .. stored],
                [.. stored[(stored.Length / 2)..], .. stored[..(stored.Length / 2)]],
                (await WriteAsync(Content(300_000), key)).Stored[..^5],
            ];

            foreach (var bytes in broken)
            {
                Assert.NotNull(await ReadAsync(archive, bytes, key, Stream.Null));
            }
        }
    }

    [Fact]
    public async Task Tells_a_key_that_does_not_fit_from_a_file_that_is_broken()
    {
        var (archive, stored) = await WriteAsync(Content(1000), Key);

        var error = await Assert.ThrowsAsync<AgeException>(() => ReadAsync(archive, stored, Ours, Stream.Null));
        Assert.Equal(AgeProblem.NoKeyFits, error.Problem);
        await Assert.ThrowsAsync<SlipwayException>(() => ReadAsync(archive, stored, null, Stream.Null));
        stored[100] ^= 1;
        Assert.Contains("SHA-256", await ReadAsync(archive, stored, Ours, Stream.Null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_the_failure_of_what_it_reads_and_of_what_it_writes()
    {
        var writer = new ArchiveWriter(Key, 1);
        await Assert.ThrowsAsync<IOException>(() =>
            writer.WriteAsync(new BrokenStream(2_500_000), Stream.Null, _ => { }, Token)
        );
        await Assert.ThrowsAsync<IOException>(() =>
            writer.WriteAsync(new MemoryStream(Content(9_000_000)), new BrokenStream(500_000), _ => { }, Token)
        );
    }

    private static byte[] Content(int size)
    {
        // Half compressible, as text is.
        var random = new Random(size);
        var content = new byte[size];
        for (var i = 0; i < size; i++)
        {
            content[i] = (byte)(random.Next(2) == 0 ? 'a' : random.Next(256));
        }

        return content;
    }

    private static async Task<(StoredArchive Archive, byte[] Stored)> WriteAsync(byte[] content, BackupKey? key)
    {
        var writer = new ArchiveWriter(key, 1);
        var stored = new MemoryStream();
        var sums = await writer.WriteAsync(new MemoryStream(content), stored, _ => { }, Token);
        return (new($"x{writer.Ending}", sums), stored.ToArray());
    }

    private static async Task<string?> ReadAsync(StoredArchive archive, byte[] stored, BackupKey? key, Stream to) =>
        await new ArchiveReader(key).ReadAsync(
            archive,
            new MemoryStream(stored),
            (bytes, token) => to.WriteAsync(bytes, token),
            _ => { },
            Token
        );

    private static BackupKey KeyOf(string text) =>
        BackupKey.TryParse("KEY", new Secret(text), out var key, out var problem)
            ? key
            : throw new InvalidOperationException($"{problem}");

    // Works until some bytes went through it.
    private sealed class BrokenStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read
                ? read
                : throw new IOException("broken");

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) =>
            Position + buffer.Length > bytes
                ? throw new IOException("full")
                : base.WriteAsync(buffer, cancellationToken);
    }
}

using CsCheck;
using Slipway.Backups.Age;

namespace Slipway.Tests.Backups.Age;

/// <summary>Writing and reading, on sizes around the borders of chunks and in pieces of any size.</summary>
public sealed class AgeStreamTests
{
    private const int Chunk = 1 << 16;
    private const int SealedChunk = Chunk + 16;
    private static readonly X25519Identity Key = X25519Identity.Generate();

    private static readonly Gen<int> Length = Gen.OneOf(
        Gen.OneOfConst(0, 1, Chunk - 1, Chunk, Chunk + 1, 2 * Chunk, (2 * Chunk) + 1, 16 * Chunk, (17 * Chunk) + 1),
        Gen.Int[0, 4 * Chunk]
    );

    private static readonly Gen<int> Piece = Gen.OneOf(
        Gen.OneOfConst(1_000, Chunk - 1, Chunk, Chunk + 1, 1 << 20, 5_000_000),
        Gen.Int[100, 3 * Chunk]
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Reads_back_what_was_written_in_whatever_pieces() =>
        Gen.Select(Length, Piece.Array[1, 5], Piece, Piece)
            .SampleAsync(
                async (length, written, delivered, read) =>
                {
                    var content = AgeFile.Content(length, seed: length);

                    var file = await AgeFile.EncryptAsync(content, written, [Key.Recipient]);
                    var (plain, error) = await AgeFile.ReadAsync(new HaltingStream(file, delivered), read, [Key]);

                    Assert.Null(error);
                    Assert.True(content.AsSpan().SequenceEqual(plain));
                    var chunks = Math.Max(1, (length + Chunk - 1) / Chunk);
                    Assert.Equal(Payload(file) + 16 + length + (16 * chunks), file.Length);
                },
                iter: 150
            );

    [Fact]
    public Task Finds_whatever_was_done_to_a_file_and_gives_out_nothing_else_than_its_content() =>
        Gen.Select(
                Gen.OneOf(Gen.Int[1, 3 * Chunk], Gen.OneOfConst(Chunk, 2 * Chunk, 3 * Chunk)),
                Gen.Int[0, 5],
                Gen.Int,
                Gen.Int,
                Piece
            )
            .SampleAsync(
                async (length, kind, first, second, read) =>
                {
                    var content = AgeFile.Content(length, seed: length);
                    var file = await AgeFile.EncryptAsync(content, Key.Recipient);
                    var broken = Break(file, kind, (uint)first, (uint)second);

                    var (plain, error) = await AgeFile.ReadAsync(new MemoryStream(broken), read, [Key]);

                    Assert.NotNull(error);
                    Assert.NotEmpty(error.Hint);
                    Assert.True(content.AsSpan().StartsWith(plain));
                    Assert.Equal(error.Offset ?? 0, plain.Length);
                },
                iter: 400
            );

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(Chunk)]
    [InlineData(2 * Chunk)]
    [InlineData(200_000)]
    public async Task Recognises_a_file_that_was_never_completed(int length)
    {
        var target = new MemoryStream();
        await using (var stream = await AgeEncryptingStream.CreateAsync(target, [Key.Recipient], Token))
        {
            await stream.WriteAsync(AgeFile.Content(length), Token);
            await stream.FlushAsync(Token);
        }

        var error = await Assert.ThrowsAsync<AgeException>(() => AgeFile.DecryptAsync(target.ToArray(), Key));

        Assert.Equal(AgeProblem.PayloadBroken, error.Problem);
        Assert.Contains("cut off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_nothing_more_after_its_target_failed_or_after_its_end()
    {
        var target = new MemoryStream(new byte[1_000]);
        await using var failing = await AgeEncryptingStream.CreateAsync(target, [Key.Recipient], Token);
        await failing.WriteAsync(AgeFile.Content(5_000), Token);
        await Assert.ThrowsAsync<NotSupportedException>(() => failing.CompleteAsync(Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing.CompleteAsync(Token));

        await using var complete = await AgeEncryptingStream.CreateAsync(Stream.Null, [Key.Recipient], Token);
        await complete.CompleteAsync(Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => complete.WriteAsync(new byte[1], Token).AsTask());
    }

    [Fact]
    public async Task Disposes_of_its_source_unless_told_not_to()
    {
        var kept = new MemoryStream("no age file"u8.ToArray());
        var given = new MemoryStream("no age file"u8.ToArray());

        await Assert.ThrowsAsync<AgeException>(() => AgeDecryptingStream.OpenAsync(kept, [Key], true, Token));
        await Assert.ThrowsAsync<AgeException>(() => AgeDecryptingStream.OpenAsync(given, [Key], false, Token));

        Assert.True(kept.CanRead);
        Assert.False(given.CanRead);
    }

    private static int Payload(byte[] file)
    {
        var mac = file.AsSpan().IndexOf("\n--- "u8) + 1;
        return mac + file.AsSpan(mac).IndexOf((byte)'\n') + 1;
    }

    private static byte[] Break(byte[] file, int kind, uint first, uint second)
    {
        var start = Payload(file) + 16;
        var chunks = file[start..].Chunk(SealedChunk).ToList();
        var (one, other) = ((int)(first % chunks.Count), (int)(second % chunks.Count));
        switch (kind)
        {
            case 1:
                chunks.RemoveAt(one);
                break;
            case 2:
                chunks.Insert(other, chunks[one]);
                break;
            case 3 when one != other:
                (chunks[one], chunks[other]) = (chunks[other], chunks[one]);
                break;
            case 4:
                return file[..(int)(first % file.Length)];
            case 5:
                return [.. file, .. AgeFile.Content((int)(first % 100_000) + 1)];
            default:
                var flipped = (byte[])file.Clone();
                flipped[first % file.Length] ^= (byte)(1 << (int)(second % 8));
                return flipped;
        }

        return [.. file[..start], .. chunks.SelectMany(chunk => chunk)];
    }
}

using Slipway.Backups.Age;

namespace Slipway.Tests.Backups.Age;

/// <summary>Whole files in memory.</summary>
internal static class AgeFile
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<byte[]> EncryptAsync(byte[] plain, params IReadOnlyList<AgeRecipient> recipients) =>
        EncryptAsync(plain, [plain.Length], recipients);

    /// <summary>Writes pieces of the given sizes in turn, again and again.</summary>
    public static async Task<byte[]> EncryptAsync(byte[] plain, int[] pieces, IReadOnlyList<AgeRecipient> recipients)
    {
        var file = new MemoryStream();
        await using var stream = await AgeEncryptingStream.CreateAsync(file, recipients, Token);
        var rest = plain.AsMemory();
        for (var turn = 0; rest.Length > 0; turn++)
        {
            var length = Math.Min(rest.Length, pieces[turn % pieces.Length]);
            await stream.WriteAsync(rest[..length], Token);
            rest = rest[length..];
        }

        await stream.CompleteAsync(Token);
        return file.ToArray();
    }

    public static async Task<byte[]> DecryptAsync(byte[] file, params IReadOnlyList<AgeIdentity> identities)
    {
        var (plain, error) = await ReadAsync(new MemoryStream(file), 1 << 20, identities);
        return error is null ? plain : throw error;
    }

    /// <summary>Everything that was given out, and what ended it before the end.</summary>
    public static async Task<(byte[] Plain, AgeException? Error)> ReadAsync(
        Stream file,
        int piece,
        IReadOnlyList<AgeIdentity> identities
    )
    {
        var plain = new MemoryStream();
        try
        {
            await using var stream = await AgeDecryptingStream.OpenAsync(file, identities, leaveOpen: false, Token);
            var buffer = new byte[piece];
            for (int read; (read = await stream.ReadAsync(buffer, Token)) > 0; )
            {
                plain.Write(buffer.AsSpan(0, read));
            }

            return (plain.ToArray(), null);
        }
        catch (AgeException error)
        {
            return (plain.ToArray(), error);
        }
    }

    public static byte[] Content(int length, int seed = 1)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }
}

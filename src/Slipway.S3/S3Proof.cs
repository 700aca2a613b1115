using System.Security.Cryptography;

namespace Slipway.S3;

/// <summary>Proves that an object that was sent in one piece is kept as it was sent.</summary>
internal static class S3Proof
{
    /// <summary>Checks by the ETag where it is the MD5, else by reading the object back.</summary>
    /// <exception cref="S3StoreException">The store keeps other bytes.</exception>
    public static async Task CheckAsync(
        S3Session session,
        string key,
        byte[] md5,
        string? etag,
        CancellationToken cancellationToken
    )
    {
        if (S3Md5.Matches(etag, md5))
        {
            return;
        }

        // Encrypted with a key service, or a store with ETags of its own.
        var (kept, keptEtag) = await session.Retry.RunAsync(
            "Checking",
            session.Requests.FullKey(key),
            token => ReadAsync(session, key, token),
            cancellationToken
        );

        // Another ETag by now: somebody wrote after us, and ours is not there to be judged.
        if (keptEtag == etag && !kept.AsSpan().SequenceEqual(md5))
        {
            var failure = new S3Failure(S3Cause.Corrupted, "the store keeps other bytes than were sent");
            throw S3Message.Exception(session.Settings, "Writing", session.Requests.FullKey(key), failure, null);
        }
    }

    private static async Task<(byte[] Md5, string ETag)> ReadAsync(
        S3Session session,
        string key,
        CancellationToken token
    )
    {
        using var answer = await session.Client.GetObjectAsync(session.Requests.Get(key, 0, null), token);
#pragma warning disable CA5351 // As the protocol's ETag.
        return (await MD5.HashDataAsync(answer.ResponseStream, token), answer.ETag);
#pragma warning restore CA5351
    }
}

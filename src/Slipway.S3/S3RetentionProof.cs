using Amazon.S3.Model;

namespace Slipway.S3;

/// <summary>Proves that an object that shall be locked is: Ceph 16 drops the lock of objects that come in parts.</summary>
internal static class S3RetentionProof
{
    // It runs from when the upload was begun, which is some hours ago for a large object.
    private static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    /// <summary>Locks the object by itself when the lock that it was sent with is not there.</summary>
    /// <exception cref="S3StoreException">It cannot be locked.</exception>
    public static async Task EnsureAsync(S3Session session, string key, CancellationToken cancellationToken)
    {
        if (session.Requests.RetainUntil(key) is not { } until)
        {
            return;
        }

        var head = await HeadAsync(session, key, cancellationToken);
        if (IsLocked(head, until))
        {
            return;
        }

        await session.Retry.RunAsync(
            "Locking",
            session.Requests.FullKey(key),
            token => session.Client.PutObjectRetentionAsync(session.Requests.Lock(key, head.VersionId, until), token),
            cancellationToken
        );
        if (!IsLocked(await HeadAsync(session, key, cancellationToken), until))
        {
            var failure = new S3Failure(S3Cause.NotImplemented, "the store does not keep the retention");
            throw S3Message.Exception(session.Settings, "Locking", session.Requests.FullKey(key), failure, null);
        }
    }

    private static Task<GetObjectMetadataResponse> HeadAsync(S3Session session, string key, CancellationToken token) =>
        session.Retry.RunAsync(
            "Checking",
            session.Requests.FullKey(key),
            limited => session.Client.GetObjectMetadataAsync(session.Requests.Head(key), limited),
            token
        );

    private static bool IsLocked(GetObjectMetadataResponse head, DateTime until) =>
        head.ObjectLockMode is not null && head.ObjectLockRetainUntilDate?.ToUniversalTime() >= until - Slack;
}

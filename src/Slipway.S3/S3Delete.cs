using System.Net;
using Amazon.S3;
using Slipway.Storage;

namespace Slipway.S3;

/// <summary>Removes an object; in a bucket with versions it puts a delete marker on it.</summary>
internal static class S3Delete
{
    public static async Task RunAsync(S3Session session, string key, CancellationToken cancellationToken)
    {
        var fullKey = session.Requests.FullKey(key);
        try
        {
            await session.Retry.RunAsync(
                "Deleting",
                fullKey,
                token => OnceAsync(session, fullKey, token),
                cancellationToken
            );
        }
        catch (S3StoreException exception) when (exception.Cause == S3Cause.AccessDenied)
        {
            // A lock answers like a missing right: look which it is.
            if (await LockedUntilAsync(session, key, cancellationToken) is not { } until)
            {
                throw;
            }

            throw new ObjectLockedException(key, until, exception);
        }
    }

    private static async Task<bool> OnceAsync(S3Session session, string fullKey, CancellationToken token)
    {
        try
        {
            await session.Client.DeleteObjectAsync(session.Settings.Bucket, fullKey, token);
        }
        catch (AmazonS3Exception exception)
            when (exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode is not "NoSuchBucket")
        {
            // Some stores mind deleting what is not there.
        }

        return true;
    }

    private static async Task<DateTimeOffset?> LockedUntilAsync(S3Session session, string key, CancellationToken token)
    {
        try
        {
            var head = await session.Client.GetObjectMetadataAsync(session.Requests.Head(key), token);
            return
                head.ObjectLockRetainUntilDate is { } until
                && new DateTimeOffset(until.ToUniversalTime()) is var utc
                && utc > session.Time.GetUtcNow()
                ? utc
                : null;
        }
        catch (Exception exception) when (!token.IsCancellationRequested && S3Failure.Of(exception) is not null)
        {
            return null;
        }
    }
}

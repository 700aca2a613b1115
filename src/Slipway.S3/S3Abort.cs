using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Slipway.S3;

/// <summary>Removes an upload that was begun and never completed, with its parts.</summary>
internal static class S3Abort
{
    // A part that was arriving when the upload was aborted can outlive it.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
    private const int Rounds = 3;

    public static async Task RunAsync(
        S3Session session,
        string fullKey,
        string upload,
        CancellationToken cancellationToken
    )
    {
        for (var round = 0; round < Rounds; round++)
        {
            var isGone = await session.Retry.RunAsync(
                "Aborting",
                fullKey,
                token => OnceAsync(session, fullKey, upload, token),
                cancellationToken
            );
            if (isGone)
            {
                return;
            }
        }
    }

    private static async Task<bool> OnceAsync(S3Session session, string fullKey, string upload, CancellationToken token)
    {
        var bucket = session.Settings.Bucket;
        try
        {
            await session.Client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest
                {
                    BucketName = bucket,
                    Key = fullKey,
                    UploadId = upload,
                },
                token
            );
            await session.Client.ListPartsAsync(
                new ListPartsRequest
                {
                    BucketName = bucket,
                    Key = fullKey,
                    UploadId = upload,
                },
                token
            );
            return false;
        }
        catch (AmazonS3Exception exception)
            when (exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode is not "NoSuchBucket")
        {
            return true;
        }
    }
}

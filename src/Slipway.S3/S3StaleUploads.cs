using Amazon.S3.Model;

namespace Slipway.S3;

/// <summary>Finds and removes what dead runs left unfinished.</summary>
/// <remarks>MinIO lists unfinished uploads by exact key only, and removes old ones by itself.</remarks>
internal static class S3StaleUploads
{
    public static async Task<IReadOnlyList<string>> AbortAsync(
        S3Session session,
        TimeSpan olderThan,
        CancellationToken cancellationToken
    )
    {
        var before = session.Time.GetUtcNow() - olderThan;
        var stale = (await ListAsync(session, cancellationToken)).Where(upload => BegunAt(upload) <= before).ToList();
        foreach (var upload in stale)
        {
            await S3Abort.RunAsync(session, upload.Key, upload.UploadId, cancellationToken);
        }

        return [.. stale.Select(upload => upload.Key[session.Settings.Prefix.Length..])];
    }

    /// <summary>All unfinished uploads under the prefix.</summary>
    public static async Task<IReadOnlyList<MultipartUpload>> ListAsync(
        S3Session session,
        CancellationToken cancellationToken
    )
    {
        var found = new List<MultipartUpload>();
        var request = new ListMultipartUploadsRequest
        {
            BucketName = session.Settings.Bucket,
            Prefix = session.Settings.Prefix,
        };
        while (true)
        {
            var page = await session.Retry.RunAsync(
                "Listing unfinished uploads of",
                session.Settings.Prefix,
                token => session.Client.ListMultipartUploadsAsync(request, token),
                cancellationToken
            );
            found.AddRange(page.MultipartUploads ?? []);
            if (page.IsTruncated != true || string.IsNullOrEmpty(page.NextKeyMarker))
            {
                return found;
            }

            request.KeyMarker = page.NextKeyMarker;
            request.UploadIdMarker = page.NextUploadIdMarker;
        }
    }

    // One without a date is not touched.
    private static DateTimeOffset BegunAt(MultipartUpload upload) =>
        upload.Initiated is { } begun ? new(begun.ToUniversalTime()) : DateTimeOffset.MaxValue;
}

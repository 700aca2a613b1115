using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;

namespace Slipway.S3;

/// <summary>Makes the requests of a store; sends none.</summary>
internal sealed class S3Requests(S3Settings settings, TimeProvider time)
{
    /// <summary>Metadata that tells one write from another.</summary>
    public const string WriteMark = "slipway-write";

    /// <summary>Metadata with the MD5 of an object that was sent in one piece.</summary>
    public const string Md5Mark = "slipway-md5";

    /// <summary>A key of ours as the bucket knows it.</summary>
    public string FullKey(string key) => settings.Prefix + key;

    /// <summary>Writes an object in one piece.</summary>
    public PutObjectRequest Put(string key, ArraySegment<byte> content, byte[] md5, string mark)
    {
        var request = new PutObjectRequest
        {
            BucketName = settings.Bucket,
            Key = FullKey(key),
            InputStream = Body(content),
            MD5Digest = Convert.ToBase64String(md5),
            UseChunkEncoding = false,
            ServerSideEncryptionMethod = Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = settings.KmsKeyId,
        };
        request.Metadata[WriteMark] = mark;
        request.Metadata[Md5Mark] = Convert.ToHexStringLower(md5);
        if (RetainUntil(key) is { } until)
        {
            request.ObjectLockMode = LockMode;
            request.ObjectLockRetainUntilDate = until;
        }

        return request;
    }

    /// <summary>Begins an object in parts.</summary>
    public InitiateMultipartUploadRequest Begin(string key, string mark)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = settings.Bucket,
            Key = FullKey(key),
            ServerSideEncryptionMethod = Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = settings.KmsKeyId,
        };
        request.Metadata[WriteMark] = mark;
        if (RetainUntil(key) is { } until)
        {
            request.ObjectLockMode = LockMode;
            request.ObjectLockRetainUntilDate = until;
        }

        return request;
    }

    /// <summary>Sends a part.</summary>
    public UploadPartRequest Part(string key, string upload, int number, ArraySegment<byte> content, byte[] md5) =>
        new()
        {
            BucketName = settings.Bucket,
            Key = FullKey(key),
            UploadId = upload,
            PartNumber = number,
            PartSize = content.Count,
            InputStream = Body(content),
            MD5Digest = Convert.ToBase64String(md5),
            UseChunkEncoding = false,
        };

    /// <summary>Makes the parts an object.</summary>
    public CompleteMultipartUploadRequest Complete(string key, string upload, IEnumerable<PartETag> parts) =>
        new()
        {
            BucketName = settings.Bucket,
            Key = FullKey(key),
            UploadId = upload,
            PartETags = [.. parts.OrderBy(part => part.PartNumber)],
        };

    /// <summary>Reads an object from a position on, as long as it is the same.</summary>
    public GetObjectRequest Get(string key, long position, string? etag)
    {
        var request = new GetObjectRequest
        {
            BucketName = settings.Bucket,
            Key = FullKey(key),
            EtagToMatch = etag,
        };
        if (position > 0)
        {
            request.ByteRange = new(string.Create(CultureInfo.InvariantCulture, $"bytes={position}-"));
        }

        return request;
    }

    /// <summary>Asks what is known of an object.</summary>
    public GetObjectMetadataRequest Head(string key) => new() { BucketName = settings.Bucket, Key = FullKey(key) };

    /// <summary>Locks an object that is there.</summary>
    public PutObjectRetentionRequest Lock(string key, string? version, DateTime until) =>
        new()
        {
            BucketName = settings.Bucket,
            Key = FullKey(key),
            VersionId = version,
            Retention = new()
            {
                Mode =
                    settings.Retention?.Mode == S3RetentionMode.Compliance
                        ? ObjectLockRetentionMode.Compliance
                        : ObjectLockRetentionMode.Governance,
                RetainUntilDate = until,
            },
        };

    /// <summary>Lists a page of objects.</summary>
    /// <param name="prefix">What their keys begin with, after the store's own prefix.</param>
    /// <param name="most">Objects of a page; null for as many as the store gives.</param>
    public ListObjectsV2Request List(string prefix, int? most) =>
        new()
        {
            BucketName = settings.Bucket,
            Prefix = FullKey(prefix),
            MaxKeys = most,
        };

    private ServerSideEncryptionMethod? Encryption =>
        settings.Encryption switch
        {
            S3StorageEncryption.Aes256 => ServerSideEncryptionMethod.AES256,
            S3StorageEncryption.AwsKms => ServerSideEncryptionMethod.AWSKMS,
            _ => null,
        };

    private ObjectLockMode LockMode =>
        settings.Retention?.Mode == S3RetentionMode.Compliance ? ObjectLockMode.Compliance : ObjectLockMode.Governance;

    /// <summary>Until when an object that is written now stays locked; null when it is not.</summary>
    public DateTime? RetainUntil(string key) =>
        settings.Retention is { } retention && key.StartsWith(retention.KeyPrefix, StringComparison.Ordinal)
            ? time.GetUtcNow().UtcDateTime + retention.Length
            : null;

    private static MemoryStream Body(ArraySegment<byte> content) =>
        new(content.Array!, content.Offset, content.Count, writable: false);
}

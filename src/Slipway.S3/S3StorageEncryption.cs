namespace Slipway.S3;

/// <summary>How the store encrypts what it keeps.</summary>
public enum S3StorageEncryption
{
    /// <summary>As the bucket says: nothing is asked for.</summary>
    BucketDefault,

    /// <summary>With a key of the store's own (SSE-S3).</summary>
    Aes256,

    /// <summary>With a key of a key service (SSE-KMS).</summary>
    AwsKms,
}

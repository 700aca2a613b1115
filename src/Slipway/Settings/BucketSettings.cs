namespace Slipway.Settings;

/// <summary>A bucket of S3, or of a store that speaks its protocol.</summary>
public sealed record BucketSettings
{
    /// <summary>Name of the bucket; it must exist.</summary>
    public required string Name { get; init; }

    /// <summary>Its region.</summary>
    public required string Region { get; init; }

    /// <summary>What every key begins with; ends with /, or is empty.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Address of a store that is not AWS; null for AWS.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>True when the bucket is named in the path and not in the host name; default for every store but AWS.</summary>
    public bool PathStyle { get; init; }

    /// <summary>How the store encrypts at rest: <c>bucket</c> (as it is set up), <c>AES256</c> or <c>aws:kms</c>.</summary>
    public string Encryption { get; init; } = "bucket";

    /// <summary>Key for <c>aws:kms</c>; null for the account's own.</summary>
    public string? KmsKey { get; init; }

    /// <summary>Days for which backups cannot be deleted (object lock); 0 leaves it to the bucket.</summary>
    public int LockDays { get; init; }

    /// <summary>Access key from the environment's own variables; null to look where AWS's tools look.</summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret that belongs to it.</summary>
    public Secret? SecretKey { get; init; }

    /// <summary>Token of temporary credentials; null for lasting ones.</summary>
    public Secret? SessionToken { get; init; }
}

namespace Slipway.S3;

/// <summary>Where in S3, or in a store that speaks its protocol, objects are kept and how.</summary>
public sealed record S3Settings
{
    private const int Mebibyte = 1 << 20;

    /// <summary>The bucket; it must exist.</summary>
    public required string Bucket { get; init; }

    /// <summary>The bucket's region; what requests are signed for.</summary>
    public required string Region { get; init; }

    /// <summary>What every key begins with, such as <c>slipway/</c>; empty by default.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Address of a store that is not AWS; null for AWS.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>True when the bucket is named in the path and not in the host name; most stores but AWS want it.</summary>
    public bool PathStyle { get; init; }

    /// <summary>Access key; null to look where AWS's tools look: environment, profile, web identity, the machine's role.</summary>
    public S3Credentials? Credentials { get; init; }

    /// <summary>How the store encrypts objects at rest; by default as the bucket says.</summary>
    public S3StorageEncryption Encryption { get; init; } = S3StorageEncryption.BucketDefault;

    /// <summary>Key for <see cref="S3StorageEncryption.AwsKms"/>; null for the account's own.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>How long objects cannot be deleted; null when the bucket decides. Needs a bucket with object lock.</summary>
    public S3Retention? Retention { get; init; }

    /// <summary>Bytes of a part; larger objects go in parts of this size, all equal but the last; default 16 MiB.</summary>
    public int PartSize { get; init; } = 16 * Mebibyte;

    /// <summary>Parts that an object may have; default 10,000 as on AWS, some stores allow only 1,000.</summary>
    public int MaxParts { get; init; } = 10_000;

    /// <summary>Parts that are sent at once; default 4.</summary>
    public int ParallelParts { get; init; } = 4;

    /// <summary>Bytes of parts in memory for one object: fewer are sent at once when parts are large; default 256 MiB.</summary>
    public long BufferBytes { get; init; } = 256L * Mebibyte;

    /// <summary>How often a request is tried in all; default 8, which bridges about half a minute.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>Wait before the second try, doubled before each further one; default 250 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between two tries; default 20 s.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a connection may take to be made; default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one try of a request may take, such as sending one part; default 2 min.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a download may stay silent; default 30 s.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long clearing up after a failed or cancelled upload may take; default 30 s.</summary>
    public TimeSpan AbortTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Everything that is wrong with these settings, one sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems() =>
        [
            .. new (bool Wrong, string Problem)[]
            {
                (Bucket.Length is < 3 or > 63, $"the bucket's name '{Bucket}' has not 3 to 63 characters"),
                (Region.Length == 0, "the region is empty"),
                (Prefix.StartsWith('/'), $"the prefix '{Prefix}' begins with /"),
                (Prefix.Length > 0 && !Prefix.EndsWith('/'), $"the prefix '{Prefix}' does not end with /"),
                (Endpoint is { IsAbsoluteUri: false }, $"the endpoint '{Endpoint}' has no https:// or http://"),
                (PartSize is < 5 * Mebibyte or > 1024 * Mebibyte, "the part size is not between 5 MiB and 1 GiB"),
                (MaxParts is < 1 or > 10_000, "the number of parts is not between 1 and 10,000"),
                (ParallelParts is < 1 or > 64, "the number of parallel parts is not between 1 and 64"),
                (Attempts < 1, "the number of attempts is less than 1"),
                (
                    KmsKeyId is not null && Encryption != S3StorageEncryption.AwsKms,
                    "a KMS key is given, but encryption is not aws:kms"
                ),
                (Retention is { Length.Ticks: <= 0 }, "the retention is not longer than nothing"),
            }
                .Where(rule => rule.Wrong)
                .Select(rule => rule.Problem),
        ];

    /// <summary>The bucket and prefix as people write them, without credentials.</summary>
    public override string ToString() =>
        $"s3://{Bucket}/{Prefix}" + (Endpoint is null ? "" : $" at {Endpoint.GetLeftPart(UriPartial.Authority)}");
}

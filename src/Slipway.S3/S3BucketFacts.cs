namespace Slipway.S3;

/// <summary>What was seen of a bucket; nothing in it is a judgement.</summary>
internal sealed record S3BucketFacts
{
    /// <summary>Region that the store names; empty when it names none.</summary>
    public required S3Seen<string> Region { get; init; }

    /// <summary>The store's clock minus this machine's.</summary>
    public required S3Seen<TimeSpan> ClockSkew { get; init; }

    /// <summary>How many of the four switches of the public access block are on.</summary>
    public required S3Seen<int> PublicAccessBlock { get; init; }

    /// <summary>True when the bucket's policy lets everybody in.</summary>
    public required S3Seen<bool> PublicPolicy { get; init; }

    /// <summary>True when the bucket's access list names everybody.</summary>
    public required S3Seen<bool> PublicList { get; init; }

    /// <summary>True when a stranger could list the bucket.</summary>
    public required S3Seen<bool> Stranger { get; init; }

    /// <summary>Encryption that the bucket applies by itself; empty for none.</summary>
    public required S3Seen<string> DefaultEncryption { get; init; }

    /// <summary><c>Enabled</c>, <c>Suspended</c> or <c>Off</c>.</summary>
    public required S3Seen<string> Versioning { get; init; }

    /// <summary>Object lock with its default retention in words; empty when it is off.</summary>
    public required S3Seen<string> ObjectLock { get; init; }

    /// <summary>The bucket's rules that are on.</summary>
    public required S3Seen<IReadOnlyList<S3LifecycleRule>> Lifecycle { get; init; }
}

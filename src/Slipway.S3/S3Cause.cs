namespace Slipway.S3;

/// <summary>Why a request to the store failed.</summary>
public enum S3Cause
{
    /// <summary>The store gave a reason that has no advice of its own.</summary>
    Other,

    /// <summary>The identity may not do it.</summary>
    AccessDenied,

    /// <summary>There is no such bucket.</summary>
    NoSuchBucket,

    /// <summary>The bucket is in another region.</summary>
    WrongRegion,

    /// <summary>This machine's clock and the store's differ too much.</summary>
    ClockSkew,

    /// <summary>The secret key is wrong, or something on the way changed the request.</summary>
    BadSignature,

    /// <summary>The store does not know the access key.</summary>
    UnknownAccessKey,

    /// <summary>Temporary credentials ended.</summary>
    ExpiredCredentials,

    /// <summary>No credentials were found.</summary>
    NoCredentials,

    /// <summary>The store asks for fewer requests.</summary>
    SlowDown,

    /// <summary>The store is out of order.</summary>
    ServerError,

    /// <summary>Nobody listens at the address.</summary>
    Refused,

    /// <summary>The host's name is unknown.</summary>
    UnknownHost,

    /// <summary>No encrypted connection could be made.</summary>
    Tls,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>There was no answer in time.</summary>
    Timeout,

    /// <summary>Bytes arrived otherwise than they were sent.</summary>
    Corrupted,

    /// <summary>The object changed or went while it was read.</summary>
    Changed,

    /// <summary>The object has more parts than the store allows.</summary>
    TooManyParts,

    /// <summary>The store cannot create an object only if there is none.</summary>
    NotConditional,

    /// <summary>The store does not offer what was asked for.</summary>
    NotImplemented,
}

using System.Globalization;

namespace Slipway.S3;

/// <summary>Tells a failure to the person who has to do something about it.</summary>
internal static class S3Message
{
    /// <summary>The exception for a failure.</summary>
    /// <param name="settings">The store.</param>
    /// <param name="what">What was being done, such as <c>Writing</c>.</param>
    /// <param name="key">The object's key with the prefix; null for the bucket.</param>
    /// <param name="failure">What happened.</param>
    /// <param name="inner">What threw.</param>
    public static S3StoreException Exception(
        S3Settings settings,
        string what,
        string? key,
        S3Failure failure,
        Exception? inner
    ) =>
        new($"{what} {Place(settings, key)} failed: {Text(failure)}", Hint(settings, failure), inner)
        {
            Cause = failure.Cause,
            Bucket = settings.Bucket,
            Key = key,
            Status = failure.Status,
            Code = failure.Code,
            RequestId = failure.RequestId,
        };

    /// <summary>A failure in a few words, with what the store's operator needs to find it.</summary>
    public static string Text(S3Failure failure)
    {
        string?[] facts =
        [
            failure.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"{status}") : null,
            failure.Code,
            string.IsNullOrEmpty(failure.RequestId) ? null : $"request {failure.RequestId}",
        ];
        var known = string.Join(", ", facts.Where(fact => !string.IsNullOrEmpty(fact)));
        return known.Length == 0 ? failure.Detail : $"{failure.Detail} ({known})";
    }

    private static string Place(S3Settings settings, string? key) =>
        $"s3://{settings.Bucket}/{key}"
        + (settings.Endpoint is null ? "" : $" at {settings.Endpoint.GetLeftPart(UriPartial.Authority)}");

    private static string Hint(S3Settings settings, S3Failure failure) =>
        failure.Cause switch
        {
            S3Cause.AccessDenied =>
                "give the identity that runs this the writer's policy of bucket and prefix; a bucket policy, the KMS key's policy or an organisation's rule can deny it too",
            S3Cause.NoSuchBucket =>
                $"create the bucket {settings.Bucket} in {settings.Region}, or correct BACKUP_S3_BUCKET",
            S3Cause.WrongRegion =>
                $"set BACKUP_S3_REGION to {failure.Region ?? "the region that the bucket is in"} instead of {settings.Region}",
            S3Cause.ClockSkew => "set this machine's clock: timedatectl set-ntp true",
            S3Cause.BadSignature =>
                "the secret key does not belong to the access key (a cut or blank character?), or a proxy changes requests on their way",
            S3Cause.UnknownAccessKey => "the access key was deleted or belongs to another store: make a new one",
            S3Cause.ExpiredCredentials => "the temporary credentials ended: get new ones and start again",
            S3Cause.NoCredentials =>
                "give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, a web identity or a role of the machine",
            S3Cause.SlowDown =>
                "the store asks for fewer requests: lower the number of parallel parts, or run at another hour",
            S3Cause.ServerError => "the store is out of order: see its status page or its log, and start again",
            S3Cause.Refused =>
                $"nobody listens there: is the store up, and is the address right? {settings.Endpoint}".TrimEnd(),
            S3Cause.UnknownHost =>
                $"no such host: correct the address {settings.Endpoint} or the region {settings.Region}, or this machine's DNS; a store that is not AWS may want path style",
            S3Cause.Tls =>
                "the certificate is not trusted or not for this host: install the authority's certificate on this machine, or correct the address",
            S3Cause.Broken => "look at the network between here and the store, and start again",
            S3Cause.Timeout =>
                "the network is too slow for a part of this size in this time: make parts smaller or the timeout longer",
            S3Cause.Corrupted =>
                "the store or something on the way changes bytes: use another store or another way, nothing kept there can be relied on",
            S3Cause.Changed => "somebody wrote the same object at the same time: start again",
            S3Cause.TooManyParts => "make the part size larger, or say how many bytes are expected",
            S3Cause.NotConditional =>
                "keep locks in a store that honours If-None-Match, or in a folder that all who deploy share",
            S3Cause.NotImplemented =>
                "the store does not offer this: use one that does, or leave it out of the settings",
            _ => "look the code up in the store's documentation",
        };
}

using System.Globalization;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>A repository in a bucket of S3 or of something that speaks like it.</summary>
/// <param name="Bucket">Name of the bucket.</param>
/// <param name="Endpoint">Address of the service; only https.</param>
/// <param name="Region">Its region.</param>
public sealed record BucketRepository(string Bucket, Uri Endpoint, string Region) : Repository
{
    /// <summary>What every key starts with; default <c>/pgbackrest</c>.</summary>
    public string Path { get; init; } = "/pgbackrest";

    /// <summary>True to name the bucket in the path, as most services but Amazon want it; default false.</summary>
    public bool PathStyle { get; init; }

    /// <summary>Access key; null to use the role of the machine.</summary>
    public Secret? AccessKey { get; init; }

    /// <summary>The secret of the access key.</summary>
    public Secret? SecretKey { get; init; }

    /// <summary>File with the authorities that the service's certificate is checked against; null for the system's.</summary>
    public string? AuthorityFile { get; init; }

    /// <inheritdoc />
    public override string Location => $"s3://{Bucket}{Path}";

    /// <summary>A place of its own in a store's bucket.</summary>
    public static BucketRepository Of(BucketSettings bucket, string? authorityFile) =>
        new(bucket.Name, bucket.Endpoint ?? new Uri($"https://s3.{bucket.Region}.amazonaws.com"), bucket.Region)
        {
            Path = $"/{bucket.Prefix}pgbackrest",
            PathStyle = bucket.PathStyle,
            AccessKey = bucket.AccessKey is null ? null : new(bucket.AccessKey),
            SecretKey = bucket.SecretKey,
            AuthorityFile = authorityFile,
        };

    internal override IEnumerable<(string Name, string Value)> Options()
    {
        yield return ("type", "s3");
        yield return ("path", Path);
        yield return ("s3-bucket", Bucket);
        yield return ("s3-endpoint", Endpoint.IdnHost);
        yield return ("s3-region", Region);
        yield return ("s3-uri-style", PathStyle ? "path" : "host");
        yield return ("s3-key-type", AccessKey is null ? "auto" : "shared");
        if (AccessKey is not null && SecretKey is not null)
        {
            yield return ("s3-key", AccessKey.Reveal());
            yield return ("s3-key-secret", SecretKey.Reveal());
        }

        if (!Endpoint.IsDefaultPort)
        {
            yield return ("storage-port", Endpoint.Port.ToString(CultureInfo.InvariantCulture));
        }

        if (AuthorityFile is not null)
        {
            yield return ("storage-ca-file", AuthorityFile);
        }
    }

    internal override IEnumerable<string> Problems()
    {
        if (Endpoint.Scheme != Uri.UriSchemeHttps)
        {
            yield return $"the endpoint {Endpoint} is not https, and pgBackRest speaks nothing else";
        }

        if (Bucket.Length == 0 || Region.Length == 0)
        {
            yield return "a bucket needs a name and a region";
        }

        if (AccessKey is null != SecretKey is null)
        {
            yield return "an access key and its secret go together: give both or none";
        }
    }
}

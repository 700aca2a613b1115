using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Slipway.S3;

/// <summary>Looks at a bucket; judges nothing.</summary>
internal sealed class S3BucketObserver(S3Session session)
{
    private static readonly string[] Everybody =
    [
        "http://acs.amazonaws.com/groups/global/AllUsers",
        "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
    ];

    private string Bucket => session.Settings.Bucket;

    /// <summary>Looks at everything that can be seen.</summary>
    public async Task<S3BucketFacts> ObserveAsync(CancellationToken cancellationToken)
    {
        // First, because it also tells whether there is such a bucket and whether we may use it at all.
        var (region, skew) = await OpenAsync(cancellationToken);
        return new()
        {
            Region = region,
            ClockSkew = skew,
            PublicAccessBlock = await SeeAsync(BlockAsync, 0, cancellationToken),
            PublicPolicy = await SeeAsync(PolicyAsync, false, cancellationToken),
            PublicList = await SeeAsync(AccessListAsync, false, cancellationToken),
            Stranger = await SeeAsync(StrangerAsync, false, cancellationToken),
            DefaultEncryption = await SeeAsync(EncryptionAsync, "", cancellationToken),
            Versioning = await SeeAsync(VersioningAsync, "Off", cancellationToken),
            ObjectLock = await SeeAsync(ObjectLockAsync, "", cancellationToken),
            Lifecycle = await SeeAsync<IReadOnlyList<S3LifecycleRule>>(LifecycleAsync, [], cancellationToken),
        };
    }

    private async Task<(S3Seen<string> Region, S3Seen<TimeSpan> Skew)> OpenAsync(CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        void Note(object? sender, ResponseEventArgs answer)
        {
            foreach (var (name, value) in ((WebServiceResponseEventArgs)answer).ResponseHeaders)
            {
                headers[name] = value;
            }
        }

        session.Client.AfterResponseEvent += Note;
        try
        {
            await session.Retry.RunAsync(
                "Opening",
                null,
                // Not HEAD: it has no error codes, and a policy that allows one prefix only refuses it.
                token => session.Client.ListObjectsV2Async(session.Requests.List("", 1), token),
                cancellationToken
            );
        }
        finally
        {
            session.Client.AfterResponseEvent -= Note;
        }

        return (
            S3Seen<string>.At(headers.GetValueOrDefault("x-amz-bucket-region", "")),
            Skew(headers.GetValueOrDefault("Date"))
        );
    }

    private S3Seen<TimeSpan> Skew(string? date) =>
        DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var theirs)
            ? S3Seen<TimeSpan>.At(theirs - session.Time.GetUtcNow())
            : S3Seen<TimeSpan>.Not("the store's answer has no date");

    /// <summary>Looks at one thing: an answer that says there is none is an answer, an error is not.</summary>
    private async Task<S3Seen<T>> SeeAsync<T>(
        Func<CancellationToken, Task<T>> look,
        T none,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return S3Seen<T>.At(await session.Retry.RunAsync("Looking at", null, look, cancellationToken));
        }
        catch (S3StoreException exception) when (IsNone(exception))
        {
            return S3Seen<T>.At(none);
        }
        catch (S3StoreException exception)
        {
            return S3Seen<T>.Not(exception.Code ?? exception.Cause.ToString());
        }
    }

    private static bool IsNone(S3StoreException exception) =>
        exception.Code
            is "NoSuchPublicAccessBlockConfiguration"
                or "NoSuchBucketPolicy"
                or "ServerSideEncryptionConfigurationNotFoundError"
                or "ObjectLockConfigurationNotFoundError"
                or "NoSuchLifecycleConfiguration";

    private async Task<int> BlockAsync(CancellationToken token)
    {
        var answer = await session.Client.GetPublicAccessBlockAsync(new() { BucketName = Bucket }, token);
        var block = answer.PublicAccessBlockConfiguration;
        return new[]
        {
            block?.BlockPublicAcls,
            block?.BlockPublicPolicy,
            block?.IgnorePublicAcls,
            block?.RestrictPublicBuckets,
        }.Count(isOn => isOn == true);
    }

    private async Task<bool> PolicyAsync(CancellationToken token)
    {
        var answer = await session.Client.GetBucketPolicyStatusAsync(new() { BucketName = Bucket }, token);
        return answer.PolicyStatus?.IsPublic == true;
    }

    private async Task<bool> AccessListAsync(CancellationToken token)
    {
        var answer = await session.Client.GetBucketAclAsync(new GetBucketAclRequest { BucketName = Bucket }, token);
        return answer.Grants?.Any(grant => Everybody.Contains(grant.Grantee?.URI, StringComparer.Ordinal)) == true;
    }

    private async Task<bool> StrangerAsync(CancellationToken token)
    {
        using var stranger = S3Session.ConnectAnonymously(session.Settings);
        try
        {
            await stranger.ListObjectsV2Async(new() { BucketName = Bucket, MaxKeys = 1 }, token);
            return true;
        }
        catch (AmazonS3Exception exception)
            when (exception.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            return false;
        }
    }

    private async Task<string> EncryptionAsync(CancellationToken token)
    {
        var answer = await session.Client.GetBucketEncryptionAsync(new() { BucketName = Bucket }, token);
        return answer
                .ServerSideEncryptionConfiguration?.ServerSideEncryptionRules?.FirstOrDefault()
                ?.ServerSideEncryptionByDefault?.ServerSideEncryptionAlgorithm?.Value
            ?? "";
    }

    private async Task<string> VersioningAsync(CancellationToken token)
    {
        var answer = await session.Client.GetBucketVersioningAsync(
            new GetBucketVersioningRequest { BucketName = Bucket },
            token
        );
        return answer.VersioningConfig?.Status?.Value is { Length: > 0 } status ? status : "Off";
    }

    private async Task<string> ObjectLockAsync(CancellationToken token)
    {
        var answer = await session.Client.GetObjectLockConfigurationAsync(new() { BucketName = Bucket }, token);
        if (answer.ObjectLockConfiguration?.ObjectLockEnabled?.Value is not "Enabled")
        {
            return "";
        }

        return answer.ObjectLockConfiguration.Rule?.DefaultRetention is { } rule
            ? string.Create(CultureInfo.InvariantCulture, $"{rule.Mode} for {rule.Days ?? (rule.Years * 365)} days")
            : "no default retention";
    }

    private async Task<IReadOnlyList<S3LifecycleRule>> LifecycleAsync(CancellationToken token)
    {
        var answer = await session.Client.GetLifecycleConfigurationAsync(
            new GetLifecycleConfigurationRequest { BucketName = Bucket },
            token
        );
        return
        [
            .. (answer.Configuration?.Rules ?? [])
                .Where(rule => rule.Status == LifecycleRuleStatus.Enabled)
                .Select(S3LifecycleReader.Read),
        ];
    }
}

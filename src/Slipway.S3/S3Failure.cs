using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;

namespace Slipway.S3;

/// <summary>What an exception of the client or the network means.</summary>
/// <param name="Cause">Why it failed.</param>
/// <param name="Detail">What was said, in one line.</param>
internal sealed partial record S3Failure(S3Cause Cause, string Detail)
{
    public int? Status { get; init; }

    public string? Code { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The bucket's region when the store named it.</summary>
    public string? Region { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>True when the same request may succeed a moment later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Reads an exception; null when it is not about the store, but a fault of ours or our caller's.</summary>
    public static S3Failure? Of(Exception exception) =>
        exception switch
        {
            AmazonS3Exception answer when (int)answer.StatusCode > 0 => OfAnswer(answer),
            OperationCanceledException => new(S3Cause.Timeout, "no answer in time") { IsTransient = true },
            EndOfStreamException => Broken(exception),
            _ => OfChain(exception),
        };

    private static S3Failure OfAnswer(AmazonS3Exception answer)
    {
        var cause = CauseOf(answer);
        return new(cause, answer.Message is { Length: > 0 } said ? OneLine(said) : "the store gave no reason")
        {
            Status = (int)answer.StatusCode,
            Code = answer.ErrorCode,
            RequestId = answer.RequestId,
            Region = RegionOf(answer),
            IsTransient =
                cause is S3Cause.SlowDown or S3Cause.ServerError or S3Cause.Timeout or S3Cause.Corrupted
                || answer.ErrorCode is "ConditionalRequestConflict" or "OperationAborted",
        };
    }

    private static S3Cause CauseOf(AmazonS3Exception answer) =>
        answer.ErrorCode switch
        {
            "NoSuchBucket" => S3Cause.NoSuchBucket,
            "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
                S3Cause.WrongRegion,
            "RequestTimeTooSkewed" => S3Cause.ClockSkew,
            "SignatureDoesNotMatch" => S3Cause.BadSignature,
            "InvalidAccessKeyId" => S3Cause.UnknownAccessKey,
            "ExpiredToken" or "TokenRefreshRequired" => S3Cause.ExpiredCredentials,
            "SlowDown" or "Throttling" or "ThrottlingException" or "TooManyRequests" => S3Cause.SlowDown,
            "RequestTimeout" => S3Cause.Timeout,
            "BadDigest" or "XAmzContentSHA256Mismatch" or "IncompleteBody" => S3Cause.Corrupted,
            "NotImplemented" => S3Cause.NotImplemented,
            "AccessDenied" or "AllAccessDisabled" or "InvalidToken" => S3Cause.AccessDenied,
            _ => OfStatus(answer.StatusCode),
        };

    private static S3Cause OfStatus(HttpStatusCode status) =>
        (int)status switch
        {
            301 => S3Cause.WrongRegion,
            401 or 403 => S3Cause.AccessDenied,
            408 => S3Cause.Timeout,
            412 => S3Cause.Changed,
            429 => S3Cause.SlowDown,
            501 => S3Cause.NotImplemented,
            >= 500 => S3Cause.ServerError,
            _ => S3Cause.Other,
        };

    private static string? RegionOf(AmazonS3Exception answer)
    {
        var header = (answer.InnerException as HttpErrorResponseException)?.Response?.GetHeaderValue(
            "x-amz-bucket-region"
        );
        if (!string.IsNullOrEmpty(header))
        {
            return header;
        }

        // AWS: "the region 'us-east-1' is wrong; expecting 'eu-central-1'".
        var expected = ExpectedRegion().Match(answer.Message);
        return expected.Success ? expected.Groups["region"].Value : null;
    }

    private static S3Failure? OfChain(Exception exception)
    {
        for (var link = exception; link is not null; link = link.InnerException)
        {
            switch (link)
            {
                case AuthenticationException:
                    return new(S3Cause.Tls, OneLine((link.InnerException ?? link).Message));
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new(S3Cause.Refused, link.Message) { IsTransient = true };
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return new(S3Cause.UnknownHost, link.Message);
                case SocketException { SocketErrorCode: SocketError.TryAgain }:
                    return new(S3Cause.UnknownHost, link.Message) { IsTransient = true };
                case TimeoutException or OperationCanceledException:
                    return new(S3Cause.Timeout, "no answer in time") { IsTransient = true };
                case SocketException or IOException or HttpRequestException when link.InnerException is null:
                case AmazonUnmarshallingException:
                    return Broken(link);
                case AmazonClientException when link.Message.Contains("hash", StringComparison.OrdinalIgnoreCase):
                    return new(S3Cause.Corrupted, OneLine(link.Message)) { IsTransient = true };
                case AmazonClientException when IsAboutCredentials(link.Message):
                    return new(S3Cause.NoCredentials, OneLine(link.Message));
                default:
                    continue;
            }
        }

        return exception is AmazonServiceException or HttpRequestException or IOException ? Broken(exception) : null;
    }

    private static bool IsAboutCredentials(string message) =>
        message.Contains("credential", StringComparison.OrdinalIgnoreCase)
        || message.Contains("EC2 Instance Metadata", StringComparison.OrdinalIgnoreCase);

    private static S3Failure Broken(Exception exception) =>
        new(S3Cause.Broken, OneLine(exception.Message)) { IsTransient = true };

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("expecting '(?<region>[a-z0-9-]+)'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExpectedRegion();
}

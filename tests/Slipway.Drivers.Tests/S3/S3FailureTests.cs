using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;
using Slipway.S3;
using Slipway.Tests.Support;

namespace Slipway.Drivers.Tests.S3;

public sealed class S3FailureTests
{
    private static readonly S3Settings Settings = new()
    {
        Bucket = "backups",
        Region = "us-east-1",
        Endpoint = new("https://s3.example.com"),
    };

    [Fact]
    public void Tells_every_cause_with_what_to_do()
    {
        var texts = Enum.GetValues<S3Cause>()
            .Select(cause =>
            {
                var failure = new S3Failure(cause, "detail")
                {
                    Status = 400,
                    Code = "Code",
                    RequestId = "tx1",
                };
                var error = S3Message.Exception(Settings, "Writing", "prod/a", failure, null);
                return $"{cause}\n{error.Message}\nHINT: {error.Hint}\n";
            });

        Approval.Match(string.Join('\n', texts));
    }

    [Theory]
    [InlineData("AccessDenied", 403, S3Cause.AccessDenied, false)]
    [InlineData("NoSuchBucket", 404, S3Cause.NoSuchBucket, false)]
    [InlineData("PermanentRedirect", 301, S3Cause.WrongRegion, false)]
    [InlineData("AuthorizationHeaderMalformed", 400, S3Cause.WrongRegion, false)]
    [InlineData("RequestTimeTooSkewed", 403, S3Cause.ClockSkew, false)]
    [InlineData("SignatureDoesNotMatch", 403, S3Cause.BadSignature, false)]
    [InlineData("InvalidAccessKeyId", 403, S3Cause.UnknownAccessKey, false)]
    [InlineData("ExpiredToken", 400, S3Cause.ExpiredCredentials, false)]
    [InlineData("SlowDown", 503, S3Cause.SlowDown, true)]
    [InlineData("InternalError", 500, S3Cause.ServerError, true)]
    [InlineData(null, 502, S3Cause.ServerError, true)]
    [InlineData("RequestTimeout", 400, S3Cause.Timeout, true)]
    [InlineData("BadDigest", 400, S3Cause.Corrupted, true)]
    [InlineData("ConditionalRequestConflict", 409, S3Cause.Other, true)]
    [InlineData("NotImplemented", 501, S3Cause.NotImplemented, false)]
    [InlineData("EntityTooLarge", 400, S3Cause.Other, false)]
    public void Reads_an_answer(string? code, int status, S3Cause cause, bool isTransient)
    {
        var failure = S3Failure.Of(new AmazonS3Exception("no", ErrorType.Unknown, code, "tx1", (HttpStatusCode)status));

        Assert.Equal(
            (cause, isTransient, status, "tx1"),
            (failure!.Cause, failure.IsTransient, failure.Status, failure.RequestId)
        );
    }

    [Fact]
    public void Reads_the_right_region_from_what_AWS_says()
    {
        const string Said =
            "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-3'";
        var failure = S3Failure.Of(
            new AmazonS3Exception(
                Said,
                ErrorType.Sender,
                "AuthorizationHeaderMalformed",
                "tx1",
                HttpStatusCode.BadRequest
            )
        );

        Assert.StartsWith(
            "set BACKUP_S3_REGION to eu-west-3",
            S3Message.Exception(Settings, "Writing", "a", failure!, null).Hint
        );
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, S3Cause.Refused, true)]
    [InlineData(SocketError.ConnectionReset, S3Cause.Broken, true)]
    [InlineData(SocketError.HostNotFound, S3Cause.UnknownHost, false)]
    [InlineData(SocketError.TryAgain, S3Cause.UnknownHost, true)]
    public void Reads_what_the_network_says(SocketError error, S3Cause cause, bool isTransient)
    {
        var failure = S3Failure.Of(new HttpRequestException("no", new SocketException((int)error)));

        Assert.Equal((cause, isTransient), (failure!.Cause, failure.IsTransient));
    }

    [Fact]
    public void Reads_that_a_certificate_is_not_trusted() =>
        Assert.Equal(
            S3Cause.Tls,
            S3Failure.Of(new HttpRequestException("no", new AuthenticationException("untrusted")))!.Cause
        );

    [Fact]
    public void Leaves_faults_of_our_own_alone() => Assert.Null(S3Failure.Of(new InvalidOperationException("bug")));
}

using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Slipway.Settings;

namespace Slipway.S3;

/// <summary>The client of one store with what goes with it.</summary>
internal sealed class S3Session : IDisposable
{
    public S3Session(S3Settings settings, TimeProvider time, Action<string>? warn)
    {
        var problems = settings.Problems();
        if (problems.Count > 0)
        {
            throw new SlipwayException(
                $"The store {settings} cannot be used: {string.Join("; ", problems)}",
                "correct the environment's store settings",
                ExitCode.BadInput
            );
        }

        Settings = settings;
        Time = time;
        Warn = warn;
        Client = Connect(settings, settings.Credentials);
        Requests = new(settings, time);
        Retry = new(settings, time, warn);
    }

    public S3Settings Settings { get; }

    public TimeProvider Time { get; }

    public Action<string>? Warn { get; }

    public AmazonS3Client Client { get; }

    public S3Requests Requests { get; }

    public S3Retry Retry { get; }

    /// <summary>A client that says who it is to nobody, as a stranger would.</summary>
    public static AmazonS3Client ConnectAnonymously(S3Settings settings) =>
        new(new AnonymousAWSCredentials(), Configuration(settings));

    public void Dispose() => Client.Dispose();

    private static AmazonS3Client Connect(S3Settings settings, S3Credentials? credentials)
    {
        try
        {
            return credentials switch
            {
                null => new(Configuration(settings)),
                { SessionToken: { } token } => new(
                    new SessionAWSCredentials(credentials.AccessKey, credentials.SecretKey.Reveal(), token.Reveal()),
                    Configuration(settings)
                ),
                _ => new(
                    new BasicAWSCredentials(credentials.AccessKey, credentials.SecretKey.Reveal()),
                    Configuration(settings)
                ),
            };
        }
        catch (AmazonClientException exception) when (S3Failure.Of(exception) is { } failure)
        {
            throw S3Message.Exception(settings, "Opening", null, failure, exception);
        }
    }

    // Each line is measured or read in .github/adr/0006-s3-compatible-stores.md.
    private static AmazonS3Config Configuration(S3Settings settings)
    {
        var configuration = new AmazonS3Config
        {
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = settings.PathStyle,
            IgnoreConfiguredEndpointUrls = true,
            DisableClockSkewCorrection = true,
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = settings.ConnectTimeout,
            BufferSize = 1 << 17,
        };
        if (settings.Endpoint is null)
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        }
        else
        {
            configuration.ServiceURL = settings.Endpoint.AbsoluteUri;
            configuration.AuthenticationRegion = settings.Region;
        }

        return configuration;
    }
}

using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Drivers.Tests.Support;
using Slipway.S3;

namespace Slipway.Drivers.Tests.S3;

[Trait("Needs", "Server")]
public sealed class S3BucketChecksTests(RadosGateway gateway) : IAsyncLifetime
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);
    private static readonly string[] Right =
    [
        "access",
        "region",
        "clock",
        "public access",
        "small object",
        "multipart object",
        "conditional create",
        "delete",
    ];

    private S3Bench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await S3Bench.CreateAsync(gateway);

    public async ValueTask DisposeAsync()
    {
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }
    }

    [Fact]
    public async Task Proves_what_this_server_does_and_passes_nothing_it_does_not_say()
    {
        var results = await RunAsync();

        Assert.All(Right, name => Assert.Equal(S3CheckOutcome.Pass, results[name].Outcome));
        Assert.NotEqual(S3CheckOutcome.Pass, results["default encryption"].Outcome);
        Assert.Equal(S3CheckOutcome.Unknown, results["encryption at rest"].Outcome);
        Assert.Equal(S3CheckOutcome.Warn, results["unfinished uploads"].Outcome);
        Assert.Equal((0, 0), await _bench.LeftAsync());
    }

    [Fact]
    public async Task Passes_a_bucket_with_object_lock_and_finds_whether_locks_can_be_kept_in_it()
    {
        await using var locked = await S3Bench.CreateAsync(gateway, hasObjectLock: true);

        var results = await RunAsync(locked.Settings);

        Assert.Equal(S3CheckOutcome.Pass, results["versioning"].Outcome);
        Assert.Equal(S3CheckOutcome.Pass, results["object lock"].Outcome);
        var expected = await OverwritesAsync(locked) ? S3CheckOutcome.Fail : S3CheckOutcome.Pass;
        Assert.Equal(expected, results["conditional create"].Outcome);
    }

    [Theory]
    [InlineData("small object")]
    [InlineData("multipart object")]
    public async Task Detects_a_single_byte_that_comes_back_changed(string name)
    {
        var key = name.Split(' ')[0] is "small" ? "-small" : "-large";
        _bench.Proxy.Add(
            new() { FlipsAnswerAt = 1000 },
            request => request.Method is "GET" && request.Target.EndsWith(key, StringComparison.Ordinal)
        );

        var results = await RunAsync();

        Assert.Equal(S3CheckOutcome.Fail, results[name].Outcome);
        Assert.Equal(S3CheckOutcome.Pass, results["delete"].Outcome);
    }

    [Fact]
    public async Task Detects_a_store_that_keeps_other_bytes_than_were_sent()
    {
        // As one did that took the encoding of the transport for content.
        _bench.Proxy.Add(
            new() { Answer = (200, "Other") },
            request => request.Method is "GET" && request.Target.EndsWith("-small", StringComparison.Ordinal)
        );

        var results = await RunAsync();

        Assert.Equal(S3CheckOutcome.Fail, results["small object"].Outcome);
    }

    [Fact]
    public async Task Fails_an_encryption_that_the_store_leaves_out()
    {
        var results = await RunAsync(_bench.Settings with { Encryption = S3StorageEncryption.Aes256 });

        Assert.Equal(S3CheckOutcome.Fail, results["encryption at rest"].Outcome);
    }

    [Fact]
    public async Task Passes_an_encryption_that_the_store_shows()
    {
        var results = await RunAsync(
            _bench.Settings with
            {
                Encryption = S3StorageEncryption.AwsKms,
                KmsKeyId = "testkey-1",
            }
        );

        Assert.Equal("aws:kms", results["encryption at rest"].Evidence);
        Assert.Equal(S3CheckOutcome.Pass, results["multipart object"].Outcome);
    }

    [Fact]
    public async Task Fails_a_bucket_that_anybody_can_list()
    {
        using var client = gateway.Client();
        await client.PutBucketAclAsync(
            new PutBucketAclRequest { BucketName = _bench.Settings.Bucket, ACL = S3CannedACL.PublicRead },
            Token
        );

        Assert.Equal(S3CheckOutcome.Fail, (await RunAsync())["public access"].Outcome);
    }

    [Fact]
    public async Task Reads_the_rules_by_which_the_store_deletes()
    {
        using var client = gateway.Client();
        await client.PutLifecycleConfigurationAsync(
            new PutLifecycleConfigurationRequest
            {
                BucketName = _bench.Settings.Bucket,
                Configuration = new()
                {
                    Rules =
                    [
                        new()
                        {
                            Id = "early",
                            Status = LifecycleRuleStatus.Enabled,
                            Filter = new()
                            {
                                LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "slipway/" },
                            },
                            Expiration = new() { Days = 7 },
                            AbortIncompleteMultipartUpload = new() { DaysAfterInitiation = 1 },
                        },
                    ],
                },
            },
            Token
        );

        var results = await RunAsync();

        Assert.Equal(S3CheckOutcome.Pass, results["unfinished uploads"].Outcome);
        Assert.Equal("rule 'early' deletes after 7 d, backups are kept 30 d", results["expiry"].Evidence);
    }

    [Fact]
    public async Task Says_only_that_there_is_no_access_when_there_is_none()
    {
        var result = Assert.Single((await RunAsync(_bench.Settings with { Bucket = "no-such-bucket" })).Values);

        Assert.Equal(("access", S3CheckOutcome.Fail), (result.Name, result.Outcome));
        Assert.Contains("create the bucket", result.Remedy);
    }

    // Ceph 16 does, in a bucket with versions; newer ones may not.
    private async Task<bool> OverwritesAsync(S3Bench bench)
    {
        using var client = gateway.Client();
        var answers = new List<bool>();
        foreach (var text in new[] { "one", "two" })
        {
            try
            {
                var put = new PutObjectRequest
                {
                    BucketName = bench.Settings.Bucket,
                    Key = "once",
                    ContentBody = text,
                    IfNoneMatch = "*",
                    UseChunkEncoding = false,
                };
                await client.PutObjectAsync(put, Token);
                answers.Add(true);
            }
            catch (AmazonS3Exception)
            {
                answers.Add(false);
            }
        }

        Assert.True(answers[0]);
        return answers[1];
    }

    private async Task<Dictionary<string, S3CheckResult>> RunAsync(S3Settings? settings = null)
    {
        var checks = new S3BucketChecks(settings ?? _bench.Settings, TimeProvider.System, null);
        return (await checks.RunAsync(Keep, Token)).ToDictionary(result => result.Name);
    }
}

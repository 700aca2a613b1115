using Slipway.S3;
using Slipway.Tests.Support;

namespace Slipway.Drivers.Tests.S3;

public sealed class S3BucketJudgeTests
{
    private static readonly S3Settings Aws = new()
    {
        Bucket = "backups",
        Region = "eu-central-1",
        Prefix = "prod/",
    };

    private static readonly S3Settings Other = Aws with { Endpoint = new("https://s3.example.com") };

    private static readonly S3BucketFacts Good = new()
    {
        Region = S3Seen<string>.At("eu-central-1"),
        ClockSkew = S3Seen<TimeSpan>.At(TimeSpan.FromSeconds(1)),
        PublicAccessBlock = S3Seen<int>.At(4),
        PublicPolicy = S3Seen<bool>.At(false),
        PublicList = S3Seen<bool>.At(false),
        Stranger = S3Seen<bool>.At(false),
        DefaultEncryption = S3Seen<string>.At("aws:kms"),
        Versioning = S3Seen<string>.At("Enabled"),
        ObjectLock = S3Seen<string>.At("GOVERNANCE for 30 days"),
        Lifecycle = S3Seen<IReadOnlyList<S3LifecycleRule>>.At([new("clean", "", 90, 7, 1)]),
    };

    private static readonly S3BucketFacts Bad = new()
    {
        Region = S3Seen<string>.At("us-east-1"),
        ClockSkew = S3Seen<TimeSpan>.At(TimeSpan.FromMinutes(-7)),
        PublicAccessBlock = S3Seen<int>.At(3),
        PublicPolicy = S3Seen<bool>.At(false),
        PublicList = S3Seen<bool>.At(false),
        Stranger = S3Seen<bool>.At(false),
        DefaultEncryption = S3Seen<string>.At(""),
        Versioning = S3Seen<string>.At("Off"),
        ObjectLock = S3Seen<string>.At(""),
        Lifecycle = S3Seen<IReadOnlyList<S3LifecycleRule>>.At([new("early", "prod/backups/", 7, null, null)]),
    };

    private static readonly S3BucketFacts Hidden = new()
    {
        Region = S3Seen<string>.Not("AccessDenied"),
        ClockSkew = S3Seen<TimeSpan>.Not("the store's answer has no date"),
        PublicAccessBlock = S3Seen<int>.Not("AccessDenied"),
        PublicPolicy = S3Seen<bool>.Not("AccessDenied"),
        PublicList = S3Seen<bool>.Not("AccessDenied"),
        Stranger = S3Seen<bool>.Not("Timeout"),
        DefaultEncryption = S3Seen<string>.Not("NotImplemented"),
        Versioning = S3Seen<string>.Not("AccessDenied"),
        ObjectLock = S3Seen<string>.Not("NotImplemented"),
        Lifecycle = S3Seen<IReadOnlyList<S3LifecycleRule>>.Not("MethodNotAllowed"),
    };

    [Fact]
    public void Passes_a_bucket_of_which_everything_was_seen_to_be_right()
    {
        var results = Judge(Aws, Good);

        Assert.All(results, result => Assert.Equal(S3CheckOutcome.Pass, result.Outcome));
        Approval.Match(Text(results));
    }

    [Fact]
    public void Says_what_is_wrong_and_what_to_do() =>
        Approval.Match(
            Text(Judge(Aws with { Retention = new(S3RetentionMode.Governance, TimeSpan.FromDays(30)) }, Bad))
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Passes_nothing_that_could_not_be_seen(bool isAws)
    {
        var results = Judge(isAws ? Aws : Other, Hidden);

        Assert.All(results.Skip(1), result => Assert.Equal(S3CheckOutcome.Unknown, result.Outcome));
        Assert.All(results.Skip(1), result => Assert.NotNull(result.Remedy));
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Fails_an_open_bucket_whatever_the_blocks_say(bool stranger, bool policy, bool list)
    {
        var facts = Good with
        {
            Stranger = S3Seen<bool>.At(stranger),
            PublicPolicy = S3Seen<bool>.At(policy),
            PublicList = S3Seen<bool>.At(list),
        };

        Assert.Equal(S3CheckOutcome.Fail, Judge(Other, facts).Single(result => result.Name == "public access").Outcome);
    }

    [Theory]
    [InlineData("", 29, true)]
    [InlineData("", 30, false)]
    [InlineData("prod/", 1, true)]
    [InlineData("prod/runs/", 1, true)]
    [InlineData("staging/", 1, false)]
    public void Fails_a_rule_that_deletes_before_the_retention_ends(string prefix, int days, bool isWrong)
    {
        var facts = Good with
        {
            Lifecycle = S3Seen<IReadOnlyList<S3LifecycleRule>>.At([
                new("rule", prefix, days, 7, 1),
                new("all", "", null, 7, 1),
            ]),
        };

        Assert.Equal(
            isWrong ? S3CheckOutcome.Fail : S3CheckOutcome.Pass,
            Judge(Aws, facts).Single(result => result.Name == "expiry").Outcome
        );
    }

    [Fact]
    public void Fails_an_address_without_encryption()
    {
        var results = Judge(Aws with { Endpoint = new("http://s3.example.com") }, Good);

        Assert.Equal(S3CheckOutcome.Fail, results[0].Outcome);
    }

    private static IReadOnlyList<S3CheckResult> Judge(S3Settings settings, S3BucketFacts facts) =>
        new S3BucketJudge(settings, TimeSpan.FromDays(30)).Judge(facts);

    private static string Text(IEnumerable<S3CheckResult> results) =>
        string.Join(
            '\n',
            results.Select(result =>
                $"{result.Outcome} {result.Name}: {result.Evidence}"
                + (result.Remedy is null ? "" : $"\n  HINT: {result.Remedy}")
            )
        );
}

using Slipway.S3;
using Slipway.Tests.Support;

namespace Slipway.Drivers.Tests.S3;

public sealed class S3PolicyTests
{
    [Theory]
    [InlineData(S3Role.Writer)]
    [InlineData(S3Role.Reader)]
    [InlineData(S3Role.Pruner)]
    public void Allows_each_role_the_least_it_needs(S3Role role)
    {
        var settings = new S3Settings
        {
            Bucket = "shop-backups",
            Region = "eu-central-1",
            Prefix = "prod/",
            Encryption = S3StorageEncryption.AwsKms,
            KmsKeyId = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd",
            Retention = new(S3RetentionMode.Compliance, TimeSpan.FromDays(30)),
        };

        Approval.Match(S3Policy.Json(settings, role), "json", $"{role}");
    }
}

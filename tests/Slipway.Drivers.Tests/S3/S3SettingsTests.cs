using Slipway.S3;
using Slipway.Settings;

namespace Slipway.Drivers.Tests.S3;

public sealed class S3SettingsTests
{
    [Fact]
    public void Tells_every_problem_at_once()
    {
        var wrong = new S3Settings
        {
            Bucket = "b",
            Region = "",
            Prefix = "/a",
            PartSize = 1,
            KmsKeyId = "key",
        };

        Assert.Equal(6, wrong.Problems().Count);
        var error = Assert.Throws<SlipwayException>(() => new S3Store(wrong, TimeProvider.System, null));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.All(wrong.Problems(), problem => Assert.Contains(problem, error.Message));
    }

    [Fact]
    public void Shows_no_credentials()
    {
        var settings = new S3Settings
        {
            Bucket = "backups",
            Region = "eu-central-1",
            Credentials = new("AKIA", new("very secret"), new("token")),
        };

        Assert.Equal("s3://backups/", settings.ToString());
        Assert.DoesNotContain("very secret", $"{settings.Credentials}");
    }

    [Fact]
    public void A_store_is_called_by_bucket_prefix_and_address()
    {
        using var store = new S3Store(
            new()
            {
                Bucket = "backups",
                Region = "eu",
                Prefix = "shop/",
                Endpoint = new("https://s3.example.com/"),
                Credentials = new("a", new("b"), null),
            },
            TimeProvider.System,
            null
        );

        Assert.Equal("s3://backups/shop/ at https://s3.example.com", store.Location);
    }
}

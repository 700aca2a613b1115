using Slipway.Drivers.Tests.Support;
using Slipway.S3;

namespace Slipway.Drivers.Tests.S3;

/// <summary>Where credentials are looked for is the whole process's.</summary>
[Collection(nameof(Alone))]
public sealed class S3CredentialsTests : IDisposable
{
    private static readonly Dictionary<string, string?> Nowhere = new()
    {
        ["AWS_ACCESS_KEY_ID"] = null,
        ["AWS_SECRET_ACCESS_KEY"] = null,
        ["AWS_PROFILE"] = null,
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/nowhere/credentials",
        ["AWS_CONFIG_FILE"] = "/nowhere/config",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    private readonly Dictionary<string, string?> _before = Nowhere.Keys.ToDictionary(
        name => name,
        Environment.GetEnvironmentVariable
    );

    [Fact]
    public async Task Says_where_to_put_credentials_when_there_are_none()
    {
        Set(Nowhere);

        var error = await Assert.ThrowsAsync<S3StoreException>(async () =>
        {
            using var store = new S3Store(
                new()
                {
                    Bucket = "backups",
                    Region = "eu-central-1",
                    Attempts = 2,
                },
                TimeProvider.System,
                null
            );
            await store.ListAsync("", TestContext.Current.CancellationToken);
        });

        Assert.Equal(S3Cause.NoCredentials, error.Cause);
        Assert.Contains("AWS_ACCESS_KEY_ID", error.Hint);
    }

    public void Dispose() => Set(_before);

    private static void Set(Dictionary<string, string?> values)
    {
        foreach (var (name, value) in values)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}

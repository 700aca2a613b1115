using System.Text.Json.Nodes;
using Slipway.Drivers.Tests.Support;
using Slipway.EndToEnd.Tests.Support;
using Slipway.S3;

namespace Slipway.EndToEnd.Tests;

/// <summary>An environment whose store is a bucket.</summary>
public sealed class BucketTests(RadosGateway gateway) : IAsyncLifetime
{
    private readonly Project _project = new();
    private S3Settings _bucket = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deploy_and_its_backups_live_in_a_bucket()
    {
        await DoneAsync("Deploy");
        var first = await _project.LiveAsync();
        Assert.Contains("nothing to do", await DoneAsync("Deploy"), StringComparison.OrdinalIgnoreCase);

        Assert.Contains("encrypted, read back", await DoneAsync("Backup"), StringComparison.Ordinal);
        Assert.Contains("by itself", await DoneAsync("Backups"), StringComparison.Ordinal);
        Assert.Contains(
            "restored and compared",
            await DoneAsync("BackupVerify", "--verify-level", "2"),
            StringComparison.Ordinal
        );
        Assert.Contains("removes nothing", await DoneAsync("BackupPrune", "--dry-run"), StringComparison.Ordinal);
        Assert.Contains("Nothing was written since the backup", await DoneAsync("Restore"), StringComparison.Ordinal);

        Assert.Equal(first, await _project.LiveAsync());
        await DoneAsync("HealthCheck");
        var kept = await KeptAsync();
        Assert.Equal(3, kept.Count(key => key.EndsWith("/manifest.json", StringComparison.Ordinal)));
        Assert.Contains(kept, key => key.StartsWith("shop/runs/", StringComparison.Ordinal));
        Assert.DoesNotContain(kept, key => key.StartsWith("shop/locks/", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_project.PathOf(".nuke/temp/local/store")));
    }

    public async ValueTask InitializeAsync()
    {
        _bucket = await gateway.CreateBucketAsync(Token);
        _project.Configure(settings =>
            settings["store"] = new JsonObject
            {
                ["bucket"] = _bucket.Bucket,
                ["region"] = _bucket.Region,
                ["endpoint"] = gateway.Address.AbsoluteUri,
                ["prefix"] = "shop/",
            }
        );
        _project.Commit("a bucket");
    }

    public ValueTask DisposeAsync() => _project.DisposeAsync();

    private async Task<IReadOnlyList<string>> KeptAsync()
    {
        using var client = gateway.Client();
        var listed = await client.ListObjectsV2Async(new() { BucketName = _bucket.Bucket }, Token);
        return [.. listed.S3Objects.Select(kept => kept.Key)];
    }

    private async Task<string> DoneAsync(params string[] words)
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = RadosGateway.Credentials.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = RadosGateway.Credentials.SecretKey!.Reveal(),
        };
        using var run = _project.Start(variables, [.. words, "--env", "local"]);
        var outcome = await run.EndAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Output);
        return outcome.Output;
    }
}

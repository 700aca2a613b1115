using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Slipway.Deploys;
using Slipway.Environments;
using Slipway.Health;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.S3;
using Slipway.Settings;
using Slipway.Storage;

/// <summary>Where the product's parts are put together.</summary>
static class Composition
{
    public static RunOutput Output { get; } =
        new(Console.Out, interactive: !Console.IsOutputRedirected, TimeProvider.System)
        {
            // The engine says so where the command line gives the root; commands to copy need it again.
            Command = AppContext.GetData("Slipway.Command") as string ?? "./build.sh",
        };

    public static ProcessRunner Processes { get; } = new(TimeProvider.System);

    public static IReadOnlyDictionary<string, string> Variables { get; } =
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value ?? "", StringComparer.Ordinal);

    // Longer than the longest bound of a step: a commit has a minute, and half a minute more when its connection broke.
    // Until then a step that was interrupted is not over, and nothing may be decided about it.
    public static void LetStepsEnd() => AppContext.SetData("Slipway.StopGrace", TimeSpan.FromMinutes(2));

    public static DeployChain Chain(
        string root,
        string environment,
        bool dryRun,
        DeployIntent intent,
        IReadOnlyList<string> asked,
        string reason
    ) =>
        new(
            new DeployOptions
            {
                Root = root,
                Environment = environment,
                DryRun = dryRun,
                Intent = intent,
                Asked = asked,
                Reason = reason,
                Variables = Variables,
                Output = Output,
                Input = Console.In,
                CanAsk = !Console.IsInputRedirected,
                OpenStore = Store,
                Proxy = Proxy(),
                Mask = Mask,
            },
            Processes,
            DirectHttp.CreateHandler()
        );

    public static LocalEnvironment Local(string root) => new(root, Processes, Output);

    /// <summary>Checks the bucket and prints what was found; a folder has nothing to check.</summary>
    public static async Task<ExitCode> CheckStoreAsync(
        DeploymentEnvironment environment,
        CancellationToken cancellationToken
    )
    {
        if (environment.Store.Bucket is not { } bucket)
        {
            Output.Line($"  the store is the folder {environment.Store.Folder}: there is no bucket to check");
            return ExitCode.Done;
        }

        var keep = TimeSpan.FromDays(environment.Backup.RetentionDays);
        var checks = new S3BucketChecks(Settings(bucket), Output.Time, Output.Warn);
        var results = await checks.RunAsync(keep, cancellationToken);
        foreach (var result in results)
        {
            Output.Line($"  {result.Outcome.ToString().ToLowerInvariant(), -8}{result.Name}: {result.Evidence}");
            if (result.Remedy is not null)
            {
                Output.Line($"          → {result.Remedy}");
            }
        }

        // Unknown is never green.
        var bad = results.Any(result => result.Outcome is S3CheckOutcome.Fail or S3CheckOutcome.Unknown);
        return bad ? ExitCode.Refused : ExitCode.Done;
    }

    /// <summary>Prints the policies of the bucket's users.</summary>
    public static void PrintGrants(DeploymentEnvironment environment)
    {
        if (environment.Store.Bucket is not { } bucket)
        {
            Output.Line($"  only this user may enter the folder {environment.Store.Folder}; nothing else is needed");
            return;
        }

        foreach (var role in Enum.GetValues<S3Role>())
        {
            Output.Line($"{role}:");
            Output.Raw(S3Policy.Json(Settings(bucket), role));
        }
    }

    static IObjectStore Store(DeploymentEnvironment environment) =>
        environment.Store.Bucket is { } bucket
            ? new S3Store(Settings(bucket), Output.Time, Output.Warn)
            : new FileStore(environment.Store.Folder);

    static S3Settings Settings(BucketSettings bucket) =>
        new()
        {
            Bucket = bucket.Name,
            Region = bucket.Region,
            Prefix = bucket.Prefix,
            Endpoint = bucket.Endpoint,
            PathStyle = bucket.PathStyle,
            Credentials = bucket.AccessKey is null
                ? null
                : new(bucket.AccessKey, bucket.SecretKey, bucket.SessionToken),
            Encryption = bucket.Encryption switch
            {
                "AES256" => S3StorageEncryption.Aes256,
                "aws:kms" => S3StorageEncryption.AwsKms,
                _ => S3StorageEncryption.BucketDefault,
            },
            KmsKeyId = bucket.KmsKey,
            Retention =
                bucket.LockDays == 0 ? null : new(S3RetentionMode.Governance, TimeSpan.FromDays(bucket.LockDays)),
        };

    // Built beside this program (see _build.csproj).
    static IReadOnlyList<string> Proxy() =>
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "proxy", "Slipway.Proxy.dll")];

    // The engine masks everything that is printed; under one that does not, our own output holds no secrets either.
    static void Mask(string secret)
    {
        if (AppContext.GetData("Slipway.Masks") is ConcurrentDictionary<string, byte> masks && secret.Length >= 4)
        {
            masks.TryAdd(secret, 0);
            masks.TryAdd(Uri.EscapeDataString(secret), 0);
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.S3;
using Slipway.Settings;

namespace Slipway.Drivers.Tests.Support;

/// <summary>
/// A real S3 server on loopback (Ceph's radosgw, in memory), started by the first test that asks for it: about 13 s.
/// Without its programs tests are skipped, on CI they fail; root and CI install Debian's packages.
/// </summary>
public sealed class RadosGateway : IAsyncDisposable
{
    private const string AccessKey = "AKIATESTTESTTESTTEST";
    private const string SecretKey = "secretsecretsecretsecretsecretsecretsecr";
    private static readonly string[] Packages = ["radosgw", "ceph-mon", "ceph-osd"];
    private static readonly string[] Programs = ["radosgw", "ceph-mon", "ceph-osd", "ceph"];
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);
    private readonly Lazy<Task> _started;
    private readonly int _port = FreePort();
    private Process? _script;
    private int _buckets;

    public RadosGateway() => _started = new(StartAsync);

    public static S3Credentials Credentials { get; } = new(AccessKey, new Secret(SecretKey), null);

    public Uri Address => new($"http://127.0.0.1:{_port}");

    private static bool IsCi => Environment.GetEnvironmentVariable("CI") is "true";

    /// <summary>A store in a new bucket; the server is started when it is not.</summary>
    public async Task<S3Settings> CreateBucketAsync(CancellationToken cancellationToken, bool hasObjectLock = false)
    {
        if (!IsInstalled() && !IsCi && !CanInstall())
        {
            Assert.Skip($"There is no S3 server. HINT: sudo apt-get install {string.Join(' ', Packages)}");
        }

        await _started.Value;
        var bucket = $"bucket-{Interlocked.Increment(ref _buckets)}";
        using var client = Client();
        await client.PutBucketAsync(
            new PutBucketRequest { BucketName = bucket, ObjectLockEnabledForBucket = hasObjectLock },
            cancellationToken
        );
        return Settings(bucket);
    }

    /// <summary>A client without any of the product's code.</summary>
    public AmazonS3Client Client() =>
        new(
            AccessKey,
            SecretKey,
            new AmazonS3Config
            {
                ServiceURL = Address.AbsoluteUri,
                AuthenticationRegion = "default",
                ForcePathStyle = true,
                RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (_script is null)
        {
            return;
        }

        // The end of its input ends it and all it started.
        _script.StandardInput.Close();
        await _script.WaitForExitAsync(CancellationToken.None);
        _script.Dispose();
    }

    private S3Settings Settings(string bucket) =>
        new()
        {
            Bucket = bucket,
            Region = "default",
            Endpoint = Address,
            PathStyle = true,
            Credentials = Credentials,
            Prefix = "slipway/",
            PartSize = 5 << 20,
            RetryDelay = TimeSpan.FromMilliseconds(20),
            MaxRetryDelay = TimeSpan.FromSeconds(1),
        };

    private async Task StartAsync()
    {
        if (!IsInstalled())
        {
            await InstallAsync();
        }

        var folder = Path.Combine(Path.GetTempPath(), $"slipway-rgw-{Guid.NewGuid():N}");
        string[] ports = [$"{_port}", $"{FreePort()}", $"{FreePort()}", $"{Random.Shared.Next(20_000, 30_000)}"];
        var script = Path.Combine(AppContext.BaseDirectory, "Support", "radosgw.sh");
        _script = Process.Start(
            new ProcessStartInfo("bash", [script, folder, .. ports, AccessKey, SecretKey])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        using var limit = new CancellationTokenSource(StartTimeout);
        if (await _script.StandardOutput.ReadLineAsync(limit.Token) is not "ready")
        {
            throw new InvalidOperationException(
                $"radosgw did not start: {await _script.StandardError.ReadToEndAsync(limit.Token)}"
            );
        }

        await AnswersAsync(limit.Token);
    }

    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(Address, cancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }

    private static bool IsInstalled() => Programs.All(IsOnPath);

    private static bool CanInstall() => Environment.IsPrivilegedProcess && IsOnPath("apt-get");

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task InstallAsync()
    {
        string[][] calls =
        [
            ["update", "-q"],
            ["install", "-y", "-q", "--no-install-recommends", .. Packages],
        ];
        foreach (var words in calls)
        {
            string[] apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", .. words];
            var full = Environment.IsPrivilegedProcess ? apt : ["sudo", "-n", .. apt];
            var start = new ProcessStartInfo(full[0], full[1..])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{string.Join(' ', full)} failed:\n{output}");
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

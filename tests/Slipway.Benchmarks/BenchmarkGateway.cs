using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Slipway.S3;
using Slipway.Settings;

namespace Slipway.Benchmarks;

/// <summary>A real S3 server on loopback (Ceph's radosgw), and a bucket in it.</summary>
internal sealed class BenchmarkGateway : IAsyncDisposable
{
    private const string AccessKey = "AKIATESTTESTTESTTEST";
    private const string SecretKey = "secretsecretsecretsecretsecretsecretsecr";
    private readonly Process _script;

    private BenchmarkGateway(Process script, Uri address) => (_script, Address) = (script, address);

    public Uri Address { get; }

    /// <summary>True when Debian's packages <c>radosgw ceph-mon ceph-osd</c> are here.</summary>
    public static bool IsInstalled => File.Exists("/usr/bin/radosgw") && File.Exists("/usr/bin/ceph-osd");

    public static async Task<BenchmarkGateway> StartAsync(string folder)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(
            "bash",
            [
                Path.Combine(AppContext.BaseDirectory, "radosgw.sh"),
                Path.Combine(folder, "ceph"),
                $"{address.Port}",
                $"{FreePort()}",
                $"{FreePort()}",
                "23000",
                AccessKey,
                SecretKey,
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var gateway = new BenchmarkGateway(Process.Start(start)!, address);
        if (await gateway._script.StandardOutput.ReadLineAsync() is not "ready")
        {
            throw new InvalidOperationException("radosgw did not start");
        }

        await gateway.CreateBucketAsync();
        return gateway;
    }

    public static S3Settings Settings(Uri address) =>
        new()
        {
            Bucket = "bench",
            Region = "default",
            Endpoint = address,
            PathStyle = true,
            Credentials = new(AccessKey, new Secret(SecretKey), null),
        };

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends it and all it started.
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
        _script.Dispose();
    }

    private async Task CreateBucketAsync()
    {
        using var client = new AmazonS3Client(
            AccessKey,
            SecretKey,
            new AmazonS3Config
            {
                ServiceURL = Address.AbsoluteUri,
                AuthenticationRegion = "default",
                ForcePathStyle = true,
                MaxErrorRetry = 20,
            }
        );
        await client.PutBucketAsync("bench");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

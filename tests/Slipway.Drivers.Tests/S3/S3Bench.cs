using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Drivers.Tests.Support;
using Slipway.S3;

namespace Slipway.Drivers.Tests.S3;

/// <summary>A bucket of a test's own, with what can go wrong on the way to it.</summary>
internal sealed class S3Bench : IAsyncDisposable
{
    private readonly AmazonS3Client _client;

    private S3Bench(RadosGateway gateway, S3Settings direct)
    {
        Proxy = new(gateway.Address);
        Settings = direct with { Endpoint = Proxy.Address };
        Store = StoreWith(Settings);
        _client = gateway.Client();
    }

    public FaultProxy Proxy { get; }

    public S3Settings Settings { get; }

    /// <summary>The store, behind the proxy.</summary>
    public S3Store Store { get; }

    public List<string> Warnings { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<S3Bench> CreateAsync(RadosGateway gateway, bool hasObjectLock = false) =>
        new(gateway, await gateway.CreateBucketAsync(Token, hasObjectLock));

    public S3Store StoreWith(S3Settings settings) => new(settings, TimeProvider.System, Warn);

    public Task PutAsync(string key, byte[] content) =>
        Store.PutAsync(key, (stream, token) => stream.WriteAsync(content, token).AsTask(), Token);

    /// <summary>What the server itself keeps, read without the product's code.</summary>
    public async Task<byte[]> KeptAsync(string key)
    {
        using var answer = await _client.GetObjectAsync(Settings.Bucket, Settings.Prefix + key, Token);
        using var kept = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(kept, Token);
        return kept.ToArray();
    }

    public Task KeepAsync(string key, byte[] content) =>
        _client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Settings.Bucket,
                Key = Settings.Prefix + key,
                InputStream = new MemoryStream(content),
                UseChunkEncoding = false,
            },
            Token
        );

    /// <summary>What is in the bucket, and how many uploads are unfinished.</summary>
    public async Task<(int Objects, int Uploads)> LeftAsync()
    {
        var objects = await _client.ListObjectsV2Async(new() { BucketName = Settings.Bucket }, Token);
        var uploads = await _client.ListMultipartUploadsAsync(
            new ListMultipartUploadsRequest { BucketName = Settings.Bucket },
            Token
        );
        return (objects.S3Objects?.Count ?? 0, uploads.MultipartUploads?.Count ?? 0);
    }

    /// <summary>Begins an upload with one part and forgets it, as a killed run does.</summary>
    public async Task LeaveUploadAsync(string key)
    {
        var begun = await _client.InitiateMultipartUploadAsync(Settings.Bucket, Settings.Prefix + key, Token);
        await _client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = Settings.Bucket,
                Key = begun.Key,
                UploadId = begun.UploadId,
                PartNumber = 1,
                InputStream = new MemoryStream(Bytes.Random(5 << 20)),
                UseChunkEncoding = false,
            },
            Token
        );
    }

    public async Task<byte[]> ReadAsync(string key)
    {
        await using var stream = await Store.OpenAsync(key, Token);
        using var content = new MemoryStream();
        await stream!.CopyToAsync(content, Token);
        return content.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        _client.Dispose();
        await Proxy.DisposeAsync();
    }

    private void Warn(string text)
    {
        lock (Warnings)
        {
            Warnings.Add(text);
        }
    }
}

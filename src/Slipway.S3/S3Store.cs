using System.Net;
using System.Runtime.InteropServices;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Storage;

namespace Slipway.S3;

/// <summary>A bucket of S3, or of a store that speaks its protocol, as object store.</summary>
public sealed class S3Store : IObjectStore, IDisposable
{
    private static readonly TimeSpan Dead = TimeSpan.FromDays(1);
    private readonly S3Session _session;
    private readonly S3ConditionalCreate _create;

    /// <summary>Makes a store; nothing is sent yet.</summary>
    /// <param name="settings">Where and how.</param>
    /// <param name="time">The clock.</param>
    /// <param name="warn">Is told of each try that failed and is repeated; null when nobody listens.</param>
    /// <exception cref="Slipway.Settings.SlipwayException">The settings are wrong, or there are no credentials.</exception>
    public S3Store(S3Settings settings, TimeProvider time, Action<string>? warn)
    {
        _session = new(settings, time, warn);
        _create = new(_session);
    }

    /// <inheritdoc />
    public string Location => _session.Settings.ToString();

    /// <inheritdoc />
    public Task PutAsync(
        string key,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    ) => PutAsync(key, null, write, cancellationToken);

    /// <summary>Writes an object of which the size is roughly known, in parts of a size to match.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="expectedBytes">Its size, better too large; null when nobody knows.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="cancellationToken">Gives up; nothing is left in the store then.</param>
    public async Task PutAsync(
        string key,
        long? expectedBytes,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        Check(key);
        var plan = S3PartPlan.For(_session.Settings, expectedBytes);
        using var upload = new S3Upload(_session, key, plan, cancellationToken);
        try
        {
            await using var stream = new S3UploadStream(upload);
            await write(stream, upload.Stopped);
            await upload.CompleteAsync();
        }
        catch (Exception exception)
        {
            if (await upload.AbortAsync() is { } left)
            {
                _session.Warn?.Invoke($"An unfinished upload of {key} stays in {Location}: {left}");
            }

            // A part that failed stopped the writer: that is the cause, whatever the writer made of it.
            if (upload.Failure is { } failure && !ReferenceEquals(exception, failure))
            {
                throw failure;
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <inheritdoc />
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Check(key);
        var bytes = MemoryMarshal.TryGetArray(content, out var array) ? array : content.ToArray();
        return _create.TryAsync(key, bytes, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        Check(key);
        var answer = await _session.Retry.RunAsync(
            "Reading",
            _session.Requests.FullKey(key),
            token => GetAsync(key, token),
            cancellationToken
        );
        return answer is null ? null : new S3ReadStream(_session, key, answer);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<StoredObject>();
        var request = _session.Requests.List(prefix, null);
        do
        {
            var page = await _session.Retry.RunAsync(
                "Listing",
                request.Prefix,
                token => _session.Client.ListObjectsV2Async(request, token),
                cancellationToken
            );

            // Folder markers and the like are not ours.
            found.AddRange(
                from item in page.S3Objects ?? []
                let key = item.Key[_session.Settings.Prefix.Length..]
                where ObjectKey.IsValid(key)
                select new StoredObject(key, item.Size ?? 0)
            );
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        } while (request.ContinuationToken is not null);

        return [.. found.OrderBy(item => item.Key, StringComparer.Ordinal)];
    }

    /// <inheritdoc />
    /// <exception cref="ObjectLockedException">It is locked against that.</exception>
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Check(key);
        return S3Delete.RunAsync(_session, key, cancellationToken);
    }

    /// <summary>Null: a bucket has no end.</summary>
    public Task<long?> FreeBytesAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    /// <inheritdoc />
    /// <remarks>Nothing tells a living upload from a dead one but its age, so only those older than a day are removed.</remarks>
    public async Task<IReadOnlyList<StoredObject>> SweepAsync(string prefix, CancellationToken cancellationToken) =>
        [
            .. (await AbortStaleUploadsAsync(Dead, cancellationToken))
                .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(key => new StoredObject(key, 0)),
        ];

    /// <summary>Removes uploads that dead runs left unfinished under the prefix; they cost money and are not listed.</summary>
    /// <param name="olderThan">Younger ones may belong to a run that lives.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The keys they were for.</returns>
    public Task<IReadOnlyList<string>> AbortStaleUploadsAsync(
        TimeSpan olderThan,
        CancellationToken cancellationToken
    ) => S3StaleUploads.AbortAsync(_session, olderThan, cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        _create.Dispose();
        _session.Dispose();
    }

    private void Check(string key) => ObjectKey.Check(key, Location);

    private async Task<GetObjectResponse?> GetAsync(string key, CancellationToken token)
    {
        try
        {
            return await _session.Client.GetObjectAsync(_session.Requests.Get(key, 0, null), token);
        }
        catch (AmazonS3Exception exception)
            when (exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode is not "NoSuchBucket")
        {
            return null;
        }
    }
}

using System.Net;
using Amazon.S3;

namespace Slipway.S3;

/// <summary>Creates objects only where there are none, once the store has shown that it can.</summary>
internal sealed class S3ConditionalCreate(S3Session session) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private bool _isProven;

    /// <summary>Creates an object unless there is one.</summary>
    /// <returns>False when the key was taken.</returns>
    /// <exception cref="S3StoreException">Among others: the store cannot do this, so that two could have won.</exception>
    public async Task<bool> TryAsync(string key, ArraySegment<byte> content, CancellationToken cancellationToken)
    {
        await ProveAsync(cancellationToken);
        return await CreateAsync(key, content, cancellationToken);
    }

    public void Dispose() => _one.Dispose();

    // Some stores take the header and overwrite all the same: two would hold one lock, and nobody would know.
    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!_isProven)
            {
                await TryCanaryAsync(cancellationToken);
                _isProven = true;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task TryCanaryAsync(CancellationToken cancellationToken)
    {
        var canary = $"canary/create-{Guid.NewGuid():N}";
        try
        {
            var first = await CreateAsync(canary, "first"u8.ToArray(), cancellationToken);
            var second = await CreateAsync(canary, "second"u8.ToArray(), cancellationToken);
            if (!first || second)
            {
                throw NotConditional("it overwrites objects that it was told not to (If-None-Match is ignored)", null);
            }
        }
        catch (S3StoreException exception) when (exception.Cause == S3Cause.NotImplemented)
        {
            throw NotConditional("it does not know If-None-Match", exception);
        }
        finally
        {
            await RemoveAsync(canary);
        }
    }

    private async Task RemoveAsync(string canary)
    {
        using var limit = new CancellationTokenSource(session.Settings.AbortTimeout, session.Time);
        try
        {
            await session.Client.DeleteObjectAsync(
                session.Settings.Bucket,
                session.Requests.FullKey(canary),
                limit.Token
            );
        }
        catch (Exception exception) when (S3Failure.Of(exception) is not null)
        {
            // Five bytes stay; what matters is known.
        }
    }

    private Task<bool> CreateAsync(string key, ArraySegment<byte> content, CancellationToken cancellationToken)
    {
        var md5 = S3Md5.Of(content);
        var mark = Guid.NewGuid().ToString("N");
        return session.Retry.RunAsync(
            "Creating",
            session.Requests.FullKey(key),
            async token =>
            {
                try
                {
                    var request = session.Requests.Put(key, content, md5, mark);
                    request.IfNoneMatch = "*";
                    await session.Client.PutObjectAsync(request, token);
                    return true;
                }
                catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.PreconditionFailed)
                {
                    // The answer to an earlier try may have been lost, and then it is our own object that is in the way.
                    // Asked always: HTTP clients repeat requests below us and do not tell.
                    return await IsOursAsync(key, mark, token);
                }
            },
            cancellationToken
        );
    }

    private async Task<bool> IsOursAsync(string key, string mark, CancellationToken token)
    {
        try
        {
            var head = await session.Client.GetObjectMetadataAsync(session.Requests.Head(key), token);
            return mark.Equals(head.Metadata[S3Requests.WriteMark], StringComparison.Ordinal);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private S3StoreException NotConditional(string why, Exception? inner) =>
        S3Message.Exception(
            session.Settings,
            "Creating an object only where there is none in",
            null,
            new(S3Cause.NotConditional, why),
            inner
        );
}

using System.Collections.Concurrent;
using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;

namespace Slipway.S3;

/// <summary>One object on its way into the store: in one piece when it fits a part, otherwise in parts side by side.</summary>
/// <param name="session">The store.</param>
/// <param name="key">The object's key.</param>
/// <param name="plan">Its parts.</param>
/// <param name="cancellationToken">Gives up; what was begun must still be aborted.</param>
internal sealed class S3Upload(S3Session session, string key, S3PartPlan plan, CancellationToken cancellationToken)
    : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly SemaphoreSlim _slots = new(plan.Parallel);
    private readonly List<Task<PartETag>> _sent = [];
    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly string _mark = Guid.NewGuid().ToString("N");
    private S3Part? _filling;
    private string? _upload;
    private long _length;
    private S3StoreException? _failure;

    /// <summary>Cancelled when the upload cannot succeed any more.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Why it cannot; null while it can.</summary>
    public S3StoreException? Failure => _failure;

    /// <summary>Takes the next bytes; waits while too many parts are on their way.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_filling is { IsFull: true })
            {
                await SendFillingAsync();
            }

            ThrowIfFailed();
            _filling ??= new(plan.PartSize, _free);
            var taken = _filling.Take(bytes.Span);
            _length += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>Makes the object appear.</summary>
    public async Task CompleteAsync()
    {
        ThrowIfFailed();
        if (_upload is null)
        {
            using var only = _filling ?? new(plan.PartSize, _free);
            _filling = null;
            await PutWholeAsync(only);
        }
        else
        {
            await PutPartsAsync();
        }

        await S3RetentionProof.EnsureAsync(session, key, Stopped);
    }

    private async Task PutPartsAsync()
    {
        await SendFillingAsync();
        var parts = await Task.WhenAll(_sent);
        var etag = await session.Retry.RunAsync("Completing", FullKey, token => CompleteAsync(parts, token), Stopped);
        await CheckLengthAsync(etag);
    }

    /// <summary>Leaves nothing of it in the store; never throws for the store's sake.</summary>
    /// <returns>What could not be cleared up; null when all was.</returns>
    public async Task<string?> AbortAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_sent)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (_upload is null)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(session.Settings.AbortTimeout, session.Time);
        try
        {
            await S3Abort.RunAsync(session, FullKey, _upload, limit.Token);
            return null;
        }
        catch (Exception exception) when (exception is S3StoreException or OperationCanceledException)
        {
            return exception.Message;
        }
    }

    public void Dispose()
    {
        _filling?.Dispose();
        _stop.Dispose();
        _slots.Dispose();
    }

    private string FullKey => session.Requests.FullKey(key);

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        Stopped.ThrowIfCancellationRequested();
    }

    private async Task PutWholeAsync(S3Part only)
    {
        var md5 = S3Md5.Of(only.Content);
        var answer = await session.Retry.RunAsync(
            "Writing",
            FullKey,
            token => session.Client.PutObjectAsync(session.Requests.Put(key, only.Content, md5, _mark), token),
            Stopped
        );
        await S3Proof.CheckAsync(session, key, md5, answer.ETag, Stopped);
    }

    private async Task SendFillingAsync()
    {
        var number = _sent.Count + 1;
        if (number > session.Settings.MaxParts)
        {
            throw TooManyParts();
        }

        _upload ??= await BeginAsync();
        await _slots.WaitAsync(Stopped);
        var part = _filling!;
        _filling = null;
        _sent.Add(Task.Run(() => SendAsync(number, part), CancellationToken.None));
    }

    private async Task<string> BeginAsync() =>
        (
            await session.Retry.RunAsync(
                "Beginning",
                FullKey,
                token => session.Client.InitiateMultipartUploadAsync(session.Requests.Begin(key, _mark), token),
                Stopped
            )
        ).UploadId;

    private async Task<PartETag> SendAsync(int number, S3Part part)
    {
        try
        {
            var md5 = S3Md5.Of(part.Content);
            return await session.Retry.RunAsync(
                "Writing",
                FullKey,
                token => SendOnceAsync(number, part, md5, token),
                Stopped
            );
        }
        catch (S3StoreException exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            await _stop.CancelAsync();
            throw;
        }
        finally
        {
            part.Dispose();
            _slots.Release();
        }
    }

    private async Task<PartETag> SendOnceAsync(int number, S3Part part, byte[] md5, CancellationToken token)
    {
        var answer = await session.Client.UploadPartAsync(
            session.Requests.Part(key, _upload!, number, part.Content, md5),
            token
        );
        return S3Md5.Contradicts(answer.ETag, md5, answer.ServerSideEncryptionMethod)
            ? throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"part {number} arrived with other bytes than were sent")
            )
            : new(number, answer.ETag);
    }

    private async Task<string> CompleteAsync(PartETag[] parts, CancellationToken token)
    {
        try
        {
            return (
                await session.Client.CompleteMultipartUploadAsync(
                    session.Requests.Complete(key, _upload!, parts),
                    token
                )
            ).ETag;
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode is "NoSuchUpload")
        {
            // The answer to an earlier try may have been lost: did that try make the object?
            var head = await session.Client.GetObjectMetadataAsync(session.Requests.Head(key), token);
            if (head.Metadata[S3Requests.WriteMark] == _mark)
            {
                return head.ETag;
            }

            throw;
        }
    }

    private async Task CheckLengthAsync(string etag)
    {
        var head = await session.Retry.RunAsync(
            "Checking",
            FullKey,
            token => session.Client.GetObjectMetadataAsync(session.Requests.Head(key), token),
            Stopped
        );
        if (head.ETag == etag && head.ContentLength != _length)
        {
            var detail = string.Create(
                CultureInfo.InvariantCulture,
                $"{_length} bytes were sent and the store has {head.ContentLength}"
            );
            throw S3Message.Exception(session.Settings, "Writing", FullKey, new(S3Cause.Corrupted, detail), null);
        }
    }

    private S3StoreException TooManyParts()
    {
        var detail = string.Create(
            CultureInfo.InvariantCulture,
            $"more than {session.Settings.MaxParts} parts of {plan.PartSize >> 20} MiB, which the store does not allow"
        );
        return S3Message.Exception(session.Settings, "Writing", FullKey, new(S3Cause.TooManyParts, detail), null);
    }
}

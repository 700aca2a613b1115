using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3.Model;

namespace Slipway.S3;

/// <summary>An object being read: a broken connection is made again and goes on at the same byte of the same object.</summary>
internal sealed class S3ReadStream : Stream
{
    private readonly S3Session _session;
    private readonly string _key;
    private readonly string _etag;
    private readonly long _length;
    private readonly string? _md5;
    private readonly IncrementalHash? _hash;
    private GetObjectResponse? _answer;
    private long _position;

    public S3ReadStream(S3Session session, string key, GetObjectResponse first)
    {
        (_session, _key, _answer) = (session, key, first);
        (_etag, _length) = (first.ETag, first.ContentLength);
        _md5 = first.Metadata[S3Requests.Md5Mark];
#pragma warning disable CA5351 // Against accidents; people are kept out by the encryption of what is stored.
        _hash = _md5 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _length || buffer.Length == 0)
        {
            return 0;
        }

        var count = await _session.Retry.RunAsync(
            "Reading",
            _session.Requests.FullKey(_key),
            token => ReadOnceAsync(buffer, token),
            cancellationToken
        );
        _position += count;
        CheckContent(buffer.Span[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Objects are read asynchronously: use ReadAsync.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Drop();
            _hash?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _session.Time.CreateTimer(
            state => ((CancellationTokenSource)state!).Cancel(),
            silence,
            _session.Settings.ReadTimeout,
            Timeout.InfiniteTimeSpan
        );
        try
        {
            _answer ??= await ContinueAsync(silence.Token);
            var count = await _answer.ResponseStream.ReadAsync(buffer, silence.Token);
            return count > 0 || _position == _length
                ? count
                : throw new EndOfStreamException(
                    string.Create(CultureInfo.InvariantCulture, $"the answer ended at byte {_position} of {_length}")
                );
        }
        catch
        {
            Drop();
            throw;
        }
    }

    private async Task<GetObjectResponse> ContinueAsync(CancellationToken cancellationToken)
    {
        var answer = await _session.Client.GetObjectAsync(
            _session.Requests.Get(_key, _position, _etag),
            cancellationToken
        );
        var isRest = answer.HttpStatusCode == HttpStatusCode.PartialContent;
        if ((isRest || _position == 0) && answer.ETag == _etag && answer.ContentLength == _length - _position)
        {
            return answer;
        }

        answer.Dispose();
        var failure =
            answer.ETag == _etag
                ? new S3Failure(S3Cause.NotImplemented, "the store does not send the rest of an object (Range)")
                : new S3Failure(S3Cause.Changed, "the object was replaced while it was read");
        throw S3Message.Exception(_session.Settings, "Reading", _session.Requests.FullKey(_key), failure, null);
    }

    private void CheckContent(ReadOnlySpan<byte> bytes)
    {
        if (_hash is null)
        {
            return;
        }

        _hash.AppendData(bytes);
        if (_position == _length && Convert.ToHexStringLower(_hash.GetHashAndReset()) != _md5)
        {
            var failure = new S3Failure(S3Cause.Corrupted, "other bytes came back than were written");
            throw S3Message.Exception(_session.Settings, "Reading", _session.Requests.FullKey(_key), failure, null);
        }
    }

    private void Drop()
    {
        try
        {
            _answer?.Dispose();
        }
        catch (AmazonClientException)
        {
            // The client compares a hash when it is closed; ours was compared when the last byte was read.
        }

        _answer = null;
    }
}

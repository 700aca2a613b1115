using Slipway.Storage;

namespace Slipway.Tests.Backups;

/// <summary>A store that takes the dump only when a test lets it, so that pg_dump stands still in the middle of a table.</summary>
internal sealed class HaltedStore(IObjectStore inner) : IObjectStore
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs before the store is listed: when the snapshot is taken, and pg_dump is not started yet.</summary>
    public Func<Task> Listing { get; set; } = () => Task.CompletedTask;

    public string Location => inner.Location;

    public void GoOn() => _open.TrySetResult();

    public Task PutAsync(
        string key,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    ) =>
        inner.PutAsync(
            key,
            (stream, token) =>
                write(
                    key.Contains("database.dump", StringComparison.Ordinal) ? new Gate(stream, _open.Task) : stream,
                    token
                ),
            cancellationToken
        );

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.TryCreateAsync(key, content, cancellationToken);

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) =>
        inner.OpenAsync(key, cancellationToken);

    public async Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        await Listing();
        return await inner.ListAsync(prefix, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        inner.DeleteAsync(key, cancellationToken);

    public Task<IReadOnlyList<StoredObject>> SweepAsync(string prefix, CancellationToken cancellationToken) =>
        inner.SweepAsync(prefix, cancellationToken);

    public Task<long?> FreeBytesAsync(CancellationToken cancellationToken) => inner.FreeBytesAsync(cancellationToken);

    private sealed class Gate(Stream inner, Task open) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            await open.WaitAsync(cancellationToken);
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

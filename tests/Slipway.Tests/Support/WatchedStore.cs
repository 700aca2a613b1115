using Slipway.Storage;

namespace Slipway.Tests.Support;

/// <summary>A store that lets a test do something before every write and deletion.</summary>
internal sealed class WatchedStore(IObjectStore inner) : IObjectStore
{
    public Func<Task> Writing { get; set; } = () => Task.CompletedTask;

    public string Location => inner.Location;

    public async Task PutAsync(
        string key,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        await Writing();
        await inner.PutAsync(key, write, cancellationToken);
    }

    public async Task<bool> TryCreateAsync(
        string key,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellationToken
    )
    {
        await Writing();
        return await inner.TryCreateAsync(key, content, cancellationToken);
    }

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) =>
        inner.OpenAsync(key, cancellationToken);

    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        await Writing();
        await inner.DeleteAsync(key, cancellationToken);
    }

    public Task<IReadOnlyList<StoredObject>> SweepAsync(string prefix, CancellationToken cancellationToken) =>
        inner.SweepAsync(prefix, cancellationToken);

    public Task<long?> FreeBytesAsync(CancellationToken cancellationToken) => inner.FreeBytesAsync(cancellationToken);
}

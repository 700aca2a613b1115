using System.Collections.Concurrent;
using Slipway.Storage;

namespace Slipway.Tests.Backups;

/// <summary>Remembers how a store was called, and fails where a test wants it.</summary>
internal sealed class CallingStore(IObjectStore inner) : IObjectStore
{
    /// <summary>Every call so far: what and which key.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What a call throws before it does anything; null for nothing.</summary>
    public Func<string, string, Exception?>? Before { get; set; }

    /// <summary>What a call throws when it has done its work; null for nothing.</summary>
    public Func<string, string, Exception?>? After { get; set; }

    public string Location => inner.Location;

    public Task PutAsync(
        string key,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "put",
            key,
            async () =>
            {
                await inner.PutAsync(key, write, cancellationToken);
                return true;
            }
        );

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        CallAsync("create", key, () => inner.TryCreateAsync(key, content, cancellationToken));

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) =>
        CallAsync("open", key, () => inner.OpenAsync(key, cancellationToken));

    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        CallAsync("list", prefix, () => inner.ListAsync(prefix, cancellationToken));

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        CallAsync(
            "delete",
            key,
            async () =>
            {
                await inner.DeleteAsync(key, cancellationToken);
                return true;
            }
        );

    public Task<IReadOnlyList<StoredObject>> SweepAsync(string prefix, CancellationToken cancellationToken) =>
        CallAsync("sweep", prefix, () => inner.SweepAsync(prefix, cancellationToken));

    public Task<long?> FreeBytesAsync(CancellationToken cancellationToken) => inner.FreeBytesAsync(cancellationToken);

    private async Task<T> CallAsync<T>(string call, string key, Func<Task<T>> work)
    {
        Calls.Enqueue($"{call} {key}");
        if (Before?.Invoke(call, key) is { } refusal)
        {
            throw refusal;
        }

        var result = await work();
        return After?.Invoke(call, key) is { } failure ? throw failure : result;
    }
}

namespace Slipway.Storage;

/// <summary>Keeps named objects. Keys are relative paths with <c>/</c>, of letters, digits and <c>._-</c>.</summary>
public interface IObjectStore
{
    /// <summary>Where the store is, for people; without credentials.</summary>
    string Location { get; }

    /// <summary>Writes an object; it is there whole and durable, or not at all.</summary>
    Task PutAsync(string key, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Writes an object unless there is one already.</summary>
    /// <returns>False when the key was taken.</returns>
    Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Opens an object for reading; null when there is none.</summary>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>All objects whose key starts with a prefix, in ordinal order of their keys.</summary>
    Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes an object; nothing happens when there is none.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes what writers that died left unfinished; what is being written stays.</summary>
    /// <returns>What was removed: the keys that would have been written, and the bytes that were.</returns>
    Task<IReadOnlyList<StoredObject>> SweepAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Bytes that can still be written; null when the store does not say.</summary>
    Task<long?> FreeBytesAsync(CancellationToken cancellationToken);
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Storage;

/// <summary>A list that a store keeps as one JSON object.</summary>
internal static class StoredList
{
    /// <summary>Reads it; empty when there is none.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">Its key.</param>
    /// <param name="type">What it holds; asked only when there is one, because it takes time to make.</param>
    /// <param name="unreadable">What is thrown when it is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<List<T>> ReadAsync<T>(
        IObjectStore store,
        string key,
        Func<JsonTypeInfo<List<T>>> type,
        Func<JsonException, Exception> unreadable,
        CancellationToken cancellationToken
    )
    {
        await using var stream = await store.OpenAsync(key, cancellationToken);
        if (stream is null)
        {
            return [];
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(stream, type(), cancellationToken) ?? [];
        }
        catch (JsonException exception)
        {
            throw unreadable(exception);
        }
    }
}

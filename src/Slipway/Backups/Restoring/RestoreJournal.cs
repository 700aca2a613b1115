using System.Text.Json;
using Slipway.Storage;

namespace Slipway.Backups.Restoring;

/// <summary>What a restore is about to do, kept in the store, so that whoever comes after an interruption knows.</summary>
internal sealed record RestoreJournal
{
    /// <summary>Names the restore, and everything that it makes.</summary>
    public required string Stamp { get; init; }

    /// <summary>The backup.</summary>
    public required string Backup { get; init; }

    /// <summary>The database that is replaced.</summary>
    public required string Database { get; init; }

    /// <summary>The server's number of it.</summary>
    public required long DatabaseId { get; init; }

    /// <summary>True when people were let into it.</summary>
    public required bool TookConnections { get; init; }

    /// <summary>The database that is made.</summary>
    public required string Restored { get; init; }

    /// <summary>What the replaced one is called afterwards.</summary>
    public required string Replaced { get; init; }

    /// <summary>How far it came.</summary>
    public RestorePhase Phase { get; init; }

    public static string Key(string environment) => $"restores/{environment}/journal.json";

    public static async Task<RestoreJournal?> ReadAsync(
        IObjectStore store,
        string environment,
        CancellationToken cancellationToken
    )
    {
        await using var stream = await store.OpenAsync(Key(environment), cancellationToken);
        return stream is null
            ? null
            : await JsonSerializer.DeserializeAsync(stream, RestoreJson.Default.RestoreJournal, cancellationToken);
    }

    public Task WriteAsync(IObjectStore store, string environment, CancellationToken cancellationToken) =>
        store.PutAsync(
            Key(environment),
            (stream, token) =>
                stream
                    .WriteAsync(JsonSerializer.SerializeToUtf8Bytes(this, RestoreJson.Default.RestoreJournal), token)
                    .AsTask(),
            cancellationToken
        );
}

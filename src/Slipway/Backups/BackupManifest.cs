using System.Text.Json;

namespace Slipway.Backups;

/// <summary>What a backup holds. It is written last: a backup without one is no backup.</summary>
public sealed record BackupManifest
{
    /// <summary>Version of the form that is written.</summary>
    public const int CurrentSchema = 3;

    /// <summary>Version of the form.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Name of the backup; sorts by time.</summary>
    public required string Id { get; init; }

    /// <summary>The run that took it.</summary>
    public required string Run { get; init; }

    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>Why it was taken.</summary>
    public required string Purpose { get; init; }

    /// <summary>The database, without its password.</summary>
    public required string Database { get; init; }

    /// <summary>The server's own identifier; null when the role may not see it.</summary>
    public string? SystemIdentifier { get; init; }

    /// <summary>The server's number of the database, which a change of its name does not change; null in older manifests.</summary>
    public long? DatabaseId { get; init; }

    /// <summary>Version of the server.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>Version of pg_dump.</summary>
    public required string DumpVersion { get; init; }

    /// <summary>Transactions that the snapshot sees, as <c>pg_current_snapshot()</c> tells them.</summary>
    public required string Snapshot { get; init; }

    /// <summary>Write-ahead log position at the snapshot.</summary>
    public required string Lsn { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took, until everything but this manifest was in the store.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Short names of the keys that open it; empty when it is not encrypted.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>The dump, in pg_dump's custom format: everything but the rows of the tables that have archives of their own.</summary>
    public required StoredArchive Dump { get; init; }

    /// <summary>Rows of large tables, in the same format, written side by side in the dump's snapshot; empty in older manifests.</summary>
    public IReadOnlyList<StoredArchive> Data { get; init; } = [];

    /// <summary>Roles, their memberships and tablespaces, as SQL without passwords; null when the role may not see them.</summary>
    public StoredArchive? Globals { get; init; }

    /// <summary>What the dump holds.</summary>
    public required DatabaseContent Content { get; init; }

    /// <summary>Bytes in the store.</summary>
    public long Bytes => Archives.Sum(archive => archive.Sums.Bytes);

    /// <summary>Bytes that pg_dump wrote.</summary>
    public long PlainBytes => Dumps.Sum(archive => archive.Sums.PlainBytes);

    /// <summary>Rows of all tables.</summary>
    public long Rows => Content.Tables.Sum(table => table.Rows);

    /// <summary>The dump and the archives that belong to it, in the order of their numbers.</summary>
    public IReadOnlyList<StoredArchive> Dumps => [Dump, .. Data];

    /// <summary>Every file of it, the dump first.</summary>
    public IReadOnlyList<StoredArchive> Archives => Globals is null ? Dumps : [.. Dumps, Globals];

    /// <summary>The store's key of one of its files.</summary>
    public string Key(StoredArchive archive) => BackupKeys.File(Environment, Id, archive.Name);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static BackupManifest? Parse(string text) =>
        JsonSerializer.Deserialize(text, ManifestJson.Default.BackupManifest);

    /// <summary>Writes a manifest.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.BackupManifest);
}

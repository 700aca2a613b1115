using System.Text.Json;

namespace Slipway.Backups;

/// <summary>What a backup holds. It is written last: a backup without one is no backup.</summary>
public sealed record BackupManifest
{
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

    /// <summary>How long the dump took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Stored bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the stored bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Every table with its rows.</summary>
    public required IReadOnlyList<TableRows> Tables { get; init; }

    /// <summary>The store's key of the dump.</summary>
    public string DumpKey => $"{Prefix(Environment)}{Id}/database.dump";

    /// <summary>The store's key of the manifest.</summary>
    public string ManifestKey => $"{Prefix(Environment)}{Id}/manifest.json";

    /// <summary>What every key of an environment's backups starts with.</summary>
    public static string Prefix(string environment) => $"backups/{environment}/";

    /// <summary>Reads a manifest.</summary>
    public static BackupManifest? Parse(string text) =>
        JsonSerializer.Deserialize(text, ManifestJson.Default.BackupManifest);

    /// <summary>Writes a manifest.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.BackupManifest);
}

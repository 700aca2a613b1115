using Slipway.Backups.Age;

namespace Slipway.Backups;

/// <summary>How backups are written.</summary>
public sealed record BackupOptions
{
    /// <summary>The key that opens backups, and that new ones are encrypted for; null when there is none.</summary>
    public BackupKey? Key { get; init; }

    /// <summary>False writes new backups unencrypted; old ones are opened all the same.</summary>
    public bool Encrypts { get; init; } = true;

    /// <summary>Level of zstd; default 1, which keeps up with the server.</summary>
    public int CompressionLevel { get; init; } = 1;

    /// <summary>How many pg_dump work side by side in one snapshot; default 1, which takes one core of the server.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Bytes of tables on disk from which another pg_dump is worth its start; default 32 MiB.</summary>
    public long BytesPerJob { get; init; } = 32 << 20;

    /// <summary>How long the dump waits for a table that somebody has locked; default 30 s.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tables up to this size on disk are hashed too, so that a restored copy can be compared value by value; default 16 MiB.</summary>
    public long HashedTableBytes { get; init; } = 16 << 20;

    internal BackupKey? WriteKey => Encrypts ? Key : null;
}

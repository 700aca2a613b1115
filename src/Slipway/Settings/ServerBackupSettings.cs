namespace Slipway.Settings;

/// <summary>How the whole server is backed up with pgBackRest, beside the dumps of its database.</summary>
public sealed record ServerBackupSettings
{
    /// <summary>The name that pgBackRest knows the server by; default the environment's name.</summary>
    public required string Stanza { get; init; }

    /// <summary>Absolute path of the server's data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Absolute path of the folder that the backups go to; null for the store's bucket.</summary>
    public string? Repository { get; init; }

    /// <summary>File with the authorities that the bucket's certificate is checked against; null for the system's.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>Absolute path of the folder with pgBackRest's configuration, locks and logs.</summary>
    public required string Folder { get; init; }

    /// <summary>Absolute path of the folder in which copies are restored for a while.</summary>
    public required string ScratchFolder { get; init; }

    /// <summary>Folder with the server's Unix socket; default <c>/var/run/postgresql</c>.</summary>
    public string SocketFolder { get; init; } = "/var/run/postgresql";

    /// <summary>Port of the server; default that of the database's address.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>Role that takes the backups; default <c>postgres</c>.</summary>
    public string User { get; init; } = "postgres";

    /// <summary>What encrypts the repository, for ever; null for an unencrypted one.</summary>
    public Secret? Key { get; init; }

    /// <summary>How many full backups are kept, with all that depends on them; default 2.</summary>
    public int KeepFull { get; init; } = 2;

    /// <summary>How many differential backups are kept; default 0: all of a full backup that is kept.</summary>
    public int KeepDifferential { get; init; }

    /// <summary>A quiet server archives its write-ahead log at least this often; default 60 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Size of the server's segments of write-ahead log, in MiB; default 16, which initdb takes.</summary>
    public int SegmentMebibytes { get; init; } = 16;

    /// <summary>How many processes compress and copy; default 2.</summary>
    public int Processes { get; init; } = 2;

    /// <summary>Libraries that the server's extensions need at start, for restored copies; default none.</summary>
    public IReadOnlyList<string> PreloadLibraries { get; init; } = [];
}

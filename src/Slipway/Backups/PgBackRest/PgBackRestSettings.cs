using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>How pgBackRest backs up one server.</summary>
public sealed record PgBackRestSettings
{
    private readonly string? _spool;

    /// <summary>The name that pgBackRest knows the server by.</summary>
    public required string Stanza { get; init; }

    /// <summary>Absolute path of the server's data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Absolute path of a private folder for the configuration, locks and logs; the server's user must reach it.</summary>
    public required string Folder { get; init; }

    /// <summary>Where backups go.</summary>
    public required Repository Repository { get; init; }

    /// <summary>Folder with the server's Unix socket; pgBackRest knows no other way to a server on its machine.</summary>
    public string SocketFolder { get; init; } = "/var/run/postgresql";

    /// <summary>Port of the server; default 5432.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>Superuser, or a role that may take backups; default <c>postgres</c>.</summary>
    public string User { get; init; } = "postgres";

    /// <summary>Password of that role; null when the socket asks for none.</summary>
    public Secret? Password { get; init; }

    /// <summary>
    /// Passphrase that encrypts the repository; null for none. pgBackRest stretches it hardly at all, and it can never be
    /// changed: make it with <c>openssl rand -base64 48</c>.
    /// </summary>
    public Secret? Passphrase { get; init; }

    /// <summary>Name or path of the program; default <c>pgbackrest</c>.</summary>
    public string Program { get; init; } = "pgbackrest";

    /// <summary>How many processes compress and copy; default 2.</summary>
    public int Processes { get; init; } = 2;

    /// <summary>Level of zstd; default 3.</summary>
    public int CompressionLevel { get; init; } = 3;

    /// <summary>How many full backups are kept, with all that depends on them; default 2.</summary>
    public int KeepFull { get; init; } = 2;

    /// <summary>How many differential backups are kept; null for all of their full backup.</summary>
    public int? KeepDifferential { get; init; }

    /// <summary>Folder in which asynchronous archiving notes its state; default <c>spool</c> in <see cref="Folder"/>.</summary>
    public string SpoolFolder
    {
        get => _spool ?? Path.Combine(Folder, "spool");
        init => _spool = value;
    }

    /// <summary>The most that is lost on a quiet server: write-ahead log is archived at least this often; default 60 s.</summary>
    public TimeSpan ArchiveInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Size of the server's segments of write-ahead log; default 16 MiB.</summary>
    public int SegmentBytes { get; init; } = WalSegment.DefaultBytes;

    /// <summary>How long a backup waits for its write-ahead log to be archived; default 60 s.</summary>
    public TimeSpan ArchiveTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long one call of <c>archive_command</c> waits for the asynchronous push; default 15 s. When a push ends in the
    /// moment in which a segment comes, the server waits this long in vain before it asks again (seen with 2.45).
    /// </summary>
    public TimeSpan PushTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a backup, a verification or a restore may take; default 24 h.</summary>
    public TimeSpan LongTimeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long everything else may take; default 10 min.</summary>
    public TimeSpan ShortTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it may take to stop after an interrupt, before it is killed; default 30 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Path of the configuration file.</summary>
    public string ConfigurationFile => Path.Combine(Folder, "pgbackrest.conf");

    /// <summary>How an environment wants its server to be backed up; null when it does not.</summary>
    public static PgBackRestSettings? Of(DeploymentEnvironment environment)
    {
        if (environment.Backup.Server is not { } server)
        {
            return null;
        }

        var url = environment.Database.Url;
        return new()
        {
            Stanza = server.Stanza,
            DataFolder = server.DataFolder,
            Folder = server.Folder,
            Repository = server.Repository is { } folder
                ? new FolderRepository(folder)
                : BucketRepository.Of(environment.Store.Bucket!, server.AuthorityFile),
            SocketFolder = server.SocketFolder,
            Port = server.Port,
            User = server.User,
            Password = server.User == url.User ? url.Password : null,
            Passphrase = server.Key,
            Processes = server.Processes,
            KeepFull = server.KeepFull,
            KeepDifferential = server.KeepDifferential == 0 ? null : server.KeepDifferential,
            ArchiveInterval = server.Interval,
            SegmentBytes = server.SegmentMebibytes << 20,
        };
    }

    internal string LockFolder => Path.Combine(Folder, "lock");

    internal string LogFolder => Path.Combine(Folder, "log");
}

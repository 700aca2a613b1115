namespace Slipway.Backups.PgBackRest;

/// <summary>The files of a server that were restored beside it, and what to do with them.</summary>
/// <param name="Folder">Where they are.</param>
/// <param name="Target">As of when.</param>
/// <param name="Backup">The backup that the restore began with.</param>
/// <param name="DataFolder">The live server's data folder.</param>
/// <param name="Port">The live server's port.</param>
/// <param name="Programs">Folder of the server's programs.</param>
public sealed record RestoredFolder(
    string Folder,
    RestoreTarget Target,
    string Backup,
    string DataFolder,
    int Port,
    string Programs
)
{
    /// <summary>False where the configuration is kept elsewhere, as Debian does; default true.</summary>
    public bool HasConfiguration { get; init; } = true;

    /// <summary>Libraries that its extensions need at start; default none.</summary>
    public IReadOnlyList<string> PreloadLibraries { get; init; } = [];

    /// <summary>Folder of its tablespaces; null when it has none.</summary>
    public string? Tablespaces { get; init; }

    /// <summary>What a person does next, command by command.</summary>
    /// <param name="environment">The environment.</param>
    public string Text(string environment)
    {
        var port = Port == 65535 ? Port - 1 : Port + 1;
        // It must not archive, take the original's subscriptions or run its jobs.
        var alone =
            $"-c listen_addresses=127.0.0.1 -c archive_mode=off -c max_logical_replication_workers=0 -c shared_preload_libraries={string.Join(',', PreloadLibraries)}";
        // Debian keeps the configuration in /etc, and it names the data folder of the live server.
        var configuration = HasConfiguration ? "" : $" -c config_file=FILE -c data_directory={Folder}";
        string?[] lines =
        [
            $"the server's files as of {Target} are in {Folder}, from backup {Backup}; nothing was started, and the live server was not touched",
            Tablespaces is null ? null : $"  its tablespaces are in {Tablespaces} and stay there",
            "let them recover to that point where they are, as the server's user, and look into them:",
            $"  {Programs}/pg_ctl -D {Folder} -w -o \"-p {port} {alone}{configuration}\" start",
            HasConfiguration ? null : "  (FILE is what the live server says to: SHOW config_file)",
            "  (when it ends before that point, its log says which write-ahead log is missing)",
            $"  {Programs}/pg_ctl -D {Folder} stop",
            "after that, to put them in the live server's place: stop that server too, then, as root",
            $"  mv {DataFolder} {DataFolder}.before && mv {Folder} {DataFolder}",
            $"  take the line archive_mode = 'off' out of {DataFolder}/postgresql.auto.conf, and start the server",
            $"  ./build.sh BackupSetup --env {environment} && ./build.sh Backup --env {environment} --type full",
            $"or throw them away: rm -rf {Folder}{(Tablespaces is null ? "" : $" {Tablespaces}")}",
        ];
        return string.Join('\n', lines.OfType<string>().Select(line => $"  {line}"));
    }
}

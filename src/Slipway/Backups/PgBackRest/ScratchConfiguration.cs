namespace Slipway.Backups.PgBackRest;

/// <summary>Settings under which a copy recovers and then does nothing but answer.</summary>
internal static class ScratchConfiguration
{
    /// <summary>Who may log in: over the network with a password, through our own closed folder without.</summary>
    public const string Access = """
        local all all trust
        host all all 127.0.0.1/32 scram-sha-256

        """;

    /// <summary>
    /// Arguments of <c>postgres</c>. They stand on its command line because that outweighs postgresql.auto.conf, which
    /// comes with the copy and holds whatever ALTER SYSTEM once said.
    /// </summary>
    /// <param name="settings">How it shall run.</param>
    /// <param name="folder">Folder with data, access rules and socket.</param>
    /// <param name="port">Its port.</param>
    /// <param name="control">What the original had, by the names of <c>pg_controldata</c>.</param>
    public static IReadOnlyList<string> Arguments(
        ScratchSettings settings,
        string folder,
        int port,
        IReadOnlyDictionary<string, string> control
    )
    {
        (string Name, string Value)[] values =
        [
            ("config_file", $"{folder}/server.conf"),
            ("hba_file", $"{folder}/access.conf"),
            ("ident_file", $"{folder}/names.conf"),
            ("external_pid_file", ""),
            ("listen_addresses", "127.0.0.1"),
            ("port", $"{port}"),
            ("unix_socket_directories", folder),
            ("unix_socket_permissions", "0700"),
            ("ssl", "off"),
            ("logging_collector", "off"),
            ("log_destination", "stderr"),
            // Nothing of a copy may reach the repository, a publisher, a standby or the people outside.
            ("archive_mode", "off"),
            ("archive_command", ""),
            ("max_wal_senders", "0"),
            ("max_logical_replication_workers", "0"),
            ("synchronous_standby_names", ""),
            ("shared_preload_libraries", string.Join(',', settings.PreloadLibraries)),
            ("session_preload_libraries", ""),
            ("local_preload_libraries", ""),
            // It answers once recovery has ended, and is never waited for by a person.
            ("hot_standby", "off"),
            ("recovery_target_action", "promote"),
            // It is thrown away.
            ("fsync", "off"),
            ("full_page_writes", "off"),
            ("autovacuum", "off"),
            ("shared_buffers", $"{settings.SharedBuffers}MB"),
            ("huge_pages", "off"),
            ("max_connections", "20"),
            ("max_prepared_transactions", control.GetValueOrDefault("max_prepared_xacts setting", "0")),
            ("max_locks_per_transaction", control.GetValueOrDefault("max_locks_per_xact setting", "64")),
        ];
        return ["-D", $"{folder}/data", .. values.SelectMany(value => (string[])["-c", $"{value.Name}={value.Value}"])];
    }
}

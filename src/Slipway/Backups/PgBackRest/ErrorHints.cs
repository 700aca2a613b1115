namespace Slipway.Backups.PgBackRest;

/// <summary>What to do about pgBackRest's errors, for somebody who was just woken up.</summary>
internal static class ErrorHints
{
    /// <summary>The hint for an error; pgBackRest's own follow it.</summary>
    public static string For(ErrorOutput error, PgBackRestSettings settings)
    {
        var own = Own(error, settings);
        return string.Join("; ", own is null ? error.Hints : [own, .. error.Hints]) is { Length: > 0 } text
            ? text
            : $"look into {settings.LogFolder}, and run pgbackrest --config={settings.ConfigurationFile} --stanza={settings.Stanza} check";
    }

    private static string? Own(ErrorOutput error, PgBackRestSettings settings) =>
        error.Code switch
        {
            26 or 95 or 99 => "the repository is damaged, or its passphrase is not the one it was made with",
            28 or 44 or 51 =>
                $"the stanza {settings.Stanza} belongs to another server or to the one before an upgrade: after pg_upgrade run pgbackrest stanza-upgrade, otherwise choose another stanza; never delete this one",
            29 when error.Detail.Contains("info file", StringComparison.Ordinal) =>
                "the passphrase is not the one the repository was made with, or backup.info and its copy are damaged; a passphrase cannot be changed, so look for the old one",
            37 => "an option is missing in the configuration; it is written anew by every command",
            38 => "stop the server first, or restore into another folder",
            40 => "restore into an empty folder, or say delta to change what is there",
            39 or 41 or 42 or 47 or 53 when error.Detail.Contains("[13]", StringComparison.Ordinal) =>
                "the server's user may not read or write there: mend owner and mode of that path",
            50 => "wait for the other one to end; nothing was changed",
            56 =>
                $"see that the server runs and that {settings.User} may log in through {settings.SocketFolder} port {settings.Port}",
            57 or 58 =>
                "the server was stopped or said no in between: see its log, then run it again; the unfinished backup is cleaned up by the next",
            62 =>
                $"the stanza was stopped on purpose; to start it again: pgbackrest --config={settings.ConfigurationFile} --stanza={settings.Stanza} start",
            63 => "it was asked to stop, and did",
            64 => Full(settings),
            75 => "choose a backup that ended before that point; info lists them",
            82 =>
                "write-ahead log does not reach the repository: read the server's log and pg_stat_archiver for what archive_command says; until that is mended pg_wal grows",
            87 => "set archive_mode = on and restart the server",
            103 =>
                "no repository can be used: see that it can be reached, that BackupSetup was run and that the passphrase is right",
            _ => error.Detail.Contains("[28]", StringComparison.Ordinal) ? Full(settings) : null,
        };

    private static string Full(PgBackRestSettings settings) =>
        $"writing failed, mostly because a disk is full (df): make room in the repository, first by expiring old backups of {settings.Stanza}; write-ahead log waits on the server meanwhile, so watch the disk of pg_wal too";
}

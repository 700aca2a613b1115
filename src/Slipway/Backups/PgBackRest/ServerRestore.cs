using Slipway.Backups.Restoring;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.PgBackRest;

/// <summary>Goes back to a point in time, always beside the server and never in its place.</summary>
/// <param name="engine">Works on the repository.</param>
/// <param name="scratch">How copies are run.</param>
/// <param name="processes">Starts programs.</param>
/// <param name="output">Gets the progress.</param>
public sealed class ServerRestore(
    PgBackRestEngine engine,
    ScratchSettings scratch,
    IProcessRunner processes,
    RunOutput output
)
{
    private PgBackRestSettings Settings => engine.Settings;

    /// <summary>Restores the whole server's files to a folder; nothing is started.</summary>
    /// <param name="target">The point.</param>
    /// <param name="label">The backup to begin with; null for the newest before the point.</param>
    /// <param name="folder">Absolute path; it must not be there, or be empty.</param>
    /// <param name="cancellationToken">Stops; what was restored until then stays.</param>
    /// <returns>The backup it began with.</returns>
    /// <exception cref="SlipwayException">It failed, or was refused before anything was written.</exception>
    public async Task<PgBackRestBackup> ToFolderAsync(
        RestoreTarget target,
        string? label,
        string folder,
        CancellationToken cancellationToken
    )
    {
        CheckFolder(folder);
        var backup = await ChooseAsync(target, label, cancellationToken);
        Room.Check(Existing(folder), backup.DatabaseBytes);
        using var wait = output.Wait($"pgBackRest restores {backup.Label}", Settings.LongTimeout);
        return await engine.RestoreAsync(new(folder, target) { Label = backup.Label }, null, cancellationToken);
    }

    /// <summary>Restores a copy, starts it for a while, and moves one of its databases to a new one of the live server.</summary>
    /// <param name="target">The point.</param>
    /// <param name="label">The backup to begin with; null for the newest before the point.</param>
    /// <param name="live">The database as it is now.</param>
    /// <param name="to">Name of the database to make.</param>
    /// <param name="onlyTable">The one table that is wanted, as <c>schema.table</c>; null for everything.</param>
    /// <param name="cancellationToken">Stops; nothing of the copy and of the new database is left.</param>
    /// <returns>The backup it began with.</returns>
    /// <exception cref="SlipwayException">It failed; nothing of the copy and of the new database is left.</exception>
    public async Task<PgBackRestBackup> ToDatabaseAsync(
        RestoreTarget target,
        string? label,
        DatabaseUrl live,
        string to,
        string? onlyTable,
        CancellationToken cancellationToken
    )
    {
        // A copy of a large server takes long: what can be seen to fail is looked at before.
        await RefuseExistingAsync(live, to, cancellationToken);
        _ = onlyTable is null ? null : TableName.Parse(onlyTable);
        var backup = await ChooseAsync(target, label, cancellationToken);
        output.Line($"  restoring a copy of the server from backup {backup.Label} to {target}");
        await using var server = await ScratchServer.StartAsync(
            Settings,
            scratch,
            target,
            backup.Label,
            processes,
            output.Time,
            null,
            cancellationToken
        );
        output.Line(
            $"  the copy answers: files {RunOutput.Duration(server.RestoreTime)}, recovery {RunOutput.Duration(server.RecoveryTime)}"
        );
        await MoveAsync(server, live, to, onlyTable, cancellationToken);
        return backup;
    }

    private async Task MoveAsync(
        ScratchServer server,
        DatabaseUrl live,
        string to,
        string? onlyTable,
        CancellationToken cancellationToken
    )
    {
        var source = server.Url(live.Database);
        if (!await HasDatabaseAsync(source, live.Database, cancellationToken))
        {
            throw new SlipwayException(
                $"At that point the server had no database {live.Database}",
                "choose another point",
                ExitCode.BadInput
            );
        }

        // Beside the copy, whose files are as plain and go with it.
        var store = new FileStore(Path.Combine(server.Folder, "dump"));
        var catalog = new BackupCatalog(store, "copy", output);
        var options = new BackupOptions { Encrypts = false };
        var manifest = await new BackupWriter(store, catalog, options, processes, output).BackupAsync(
            source,
            $"{RunId.New(output.Time)}",
            "moved from a restored copy",
            cancellationToken
        );
        await new DatabaseRestorer(store, options, new(), processes, output).RestoreAsync(
            manifest,
            live with
            {
                Database = to,
            },
            onlyTable,
            cancellationToken
        );
    }

    private async Task<PgBackRestBackup> ChooseAsync(
        RestoreTarget target,
        string? label,
        CancellationToken cancellationToken
    )
    {
        var info = await engine.InfoAsync(cancellationToken);
        PointInTime.Check(target, info, output.Time.GetUtcNow(), Settings.SegmentBytes);
        return BackupChoice.For(Settings, info, target, label);
    }

    private static async Task RefuseExistingAsync(DatabaseUrl live, string to, CancellationToken cancellationToken)
    {
        if (await HasDatabaseAsync(live, to, cancellationToken))
        {
            throw NewDatabase.Exists(to);
        }
    }

    private static async Task<bool> HasDatabaseAsync(DatabaseUrl url, string name, CancellationToken cancellationToken)
    {
        await using var session = await ServerSession.OpenAsync(url, cancellationToken);
        var found = await session.ListAsync(
            "SELECT 1 FROM pg_database WHERE datname = $1",
            row => row.GetInt32(0),
            cancellationToken,
            name
        );
        return found.Count > 0;
    }

    private void CheckFolder(string folder)
    {
        var (wanted, data) = (Closed(folder), Closed(Settings.DataFolder));
        if (wanted.StartsWith(data, StringComparison.Ordinal) || data.StartsWith(wanted, StringComparison.Ordinal))
        {
            throw new SlipwayException(
                $"{folder} is, or is around or in, the data folder of the live server, {Settings.DataFolder}",
                "a restore is made beside it: name another folder",
                ExitCode.BadInput
            );
        }

        var problems = ConfigurationText.PathProblems("the folder", folder).ToList();
        if (problems.Count > 0)
        {
            throw new SlipwayException(problems[0], "choose another folder", ExitCode.BadInput);
        }

        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new SlipwayException(
                $"{folder} is there already and is not empty",
                "name a folder that is not there",
                ExitCode.Refused
            );
        }
    }

    private static string Closed(string folder) =>
        $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))}{Path.DirectorySeparatorChar}";

    private static string Existing(string folder)
    {
        var found = Path.GetFullPath(folder);
        while (!Directory.Exists(found))
        {
            found = Path.GetDirectoryName(found) ?? "/";
        }

        return found;
    }
}

using Npgsql;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Restoring;

/// <summary>Restores backups to new databases.</summary>
/// <param name="store">Where the backups are.</param>
/// <param name="options">What opens them.</param>
/// <param name="restore">How they are restored.</param>
/// <param name="processes">Starts pg_restore.</param>
/// <param name="output">Gets the progress.</param>
public sealed class DatabaseRestorer(
    IObjectStore store,
    BackupOptions options,
    RestoreOptions restore,
    IProcessRunner processes,
    RunOutput output
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    internal IObjectStore Store => store;

    internal BackupOptions BackupOptions => options;

    internal RestoreOptions Options => restore;

    internal RunOutput Output => output;

    /// <summary>Makes a database from a backup; on a failure there is none afterwards.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="target">The database to make, and who makes it.</param>
    /// <param name="onlyTable">The one table that is wanted, as <c>schema.table</c>; null for everything.</param>
    /// <param name="cancellationToken">Stops, and drops what was made.</param>
    /// <exception cref="SlipwayException">It failed, or was refused before anything was made.</exception>
    public async Task<RestoredDatabase> RestoreAsync(
        BackupManifest manifest,
        DatabaseUrl target,
        string? onlyTable,
        CancellationToken cancellationToken
    )
    {
        var clock = output.Time.GetTimestamp();
        var table = onlyTable is null ? null : TableName.Parse(onlyTable);
        var isMade = false;
        try
        {
            await using var server = await ServerSession.OpenAsync(target, cancellationToken);
            var missing = await new RestorePreconditions(server, target, output).CheckAsync(
                manifest,
                restore.DoesWithoutRoles,
                cancellationToken
            );
            var source = new ArchiveSource(store, manifest, options, processes);
            var contents = await source.ReadContentsAsync(cancellationToken);
            contents = table is null ? contents : await ChooseAsync(source, contents, table, cancellationToken);
            var database = new NewDatabase(server, target.Database);
            isMade = true;
            await CreateAsync(database, manifest, () => isMade = false, cancellationToken);
            await FillAsync(source, contents, manifest, target, missing.Count > 0, cancellationToken);
            await EquipAsync(database, manifest, missing, cancellationToken);
            return new(target, output.Time.GetElapsedTime(clock), missing);
        }
        catch (Exception exception)
        {
            var state = isMade ? await DropAsync(target) : "nothing was made or changed";
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                output.Line($"  The restore of {manifest.Id} was interrupted: {state}");
                throw;
            }

            throw Failed(manifest, target, exception, state);
        }
    }

    private async Task FillAsync(
        ArchiveSource source,
        Contents contents,
        BackupManifest manifest,
        DatabaseUrl target,
        bool doesWithoutRoles,
        CancellationToken cancellationToken
    )
    {
        using var run = new RestoreProcesses(source, target, processes, output, doesWithoutRoles, restore.Processes);
        var plan = RestorePlan.Of(
            doesWithoutRoles ? WithoutPolicies(contents) : contents,
            manifest.Content.Tables,
            manifest.Dumps.Count,
            restore.Processes
        );
        await run.RunAsync(plan, contents.All, manifest.Dumps, cancellationToken);
    }

    private static async Task<Contents> ChooseAsync(
        ArchiveSource source,
        Contents contents,
        TableName table,
        CancellationToken cancellationToken
    )
    {
        var found = await source.FindAsync(table, cancellationToken);
        return found.Count > 0
            ? contents.Only(TableChoice.Of(contents.All, found))
            : throw new RestoreFailedException(
                $"it holds no table {table}",
                "write it as schema.table; the manifest names every table",
                isFaultOfBackup: false,
                ExitCode.BadInput
            );
    }

    private static async Task CreateAsync(
        NewDatabase database,
        BackupManifest manifest,
        Action isNotOurs,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await database.CreateAsync(
                manifest.Content.Properties,
                $"restore of backup {manifest.Id}",
                cancellationToken
            );
        }
        catch (SlipwayException)
        {
            // Somebody else made one of this name in the meantime: it must not be dropped.
            isNotOurs();
            throw;
        }
    }

    // A policy names roles, and nothing makes pg_restore leave them out.
    private static Contents WithoutPolicies(Contents contents) =>
        contents.Only(contents.All.Where(entry => entry.Kind is not "POLICY").Select(entry => entry.Id).ToHashSet());

    private static async Task EquipAsync(
        NewDatabase database,
        BackupManifest manifest,
        IReadOnlyList<string> missing,
        CancellationToken cancellationToken
    )
    {
        var content = manifest.Content;
        if (missing.Count > 0)
        {
            content = content with
            {
                Settings = [.. content.Settings.Where(setting => setting.Role is null)],
                Properties = content.Properties with { Grants = [] },
            };
        }

        await database.EquipAsync(content, cancellationToken);
        await database.CommentAsync($"restored by slipway from backup {manifest.Id}", cancellationToken);
    }

    // In its own time: the run may be cancelled, and the server may just be coming back.
    private async Task<string> DropAsync(DatabaseUrl target)
    {
        using var limit = new CancellationTokenSource(restore.CleanupLimit, output.Time);
        while (true)
        {
            try
            {
                await using var server = await ServerSession.OpenAsync(target, limit.Token);
                await new NewDatabase(server, target.Database).DropAsync(limit.Token);
                return $"the half-made database {target.Database} was dropped, and nothing else was changed";
            }
            catch (Exception exception)
                when (exception is NpgsqlException or SlipwayException or OperationCanceledException or IOException)
            {
                if (limit.IsCancellationRequested)
                {
                    return $"the half-made database {target.Database} is left over ({RestoreFailure.Reason(exception)}), and nothing "
                        + $"else was changed; drop it: DROP DATABASE IF EXISTS {Sql.Name(target.Database)} WITH (FORCE)";
                }

                await Task.Delay(Pause, output.Time, CancellationToken.None);
            }
        }
    }

    private static RestoreFailedException Failed(
        BackupManifest manifest,
        DatabaseUrl target,
        Exception exception,
        string state
    ) =>
        new(
            $"Backup {manifest.Id} was not restored to {target.Database} at {target.Host}:{target.Port}: "
                + $"{RestoreFailure.Reason(exception)}; {state}",
            $"{RestoreFailure.Hint(exception)}, then run the restore again",
            exception is RestoreFailedException { IsFaultOfBackup: true },
            (exception as SlipwayException)?.ExitCode ?? ExitCode.Failed,
            exception
        );
}

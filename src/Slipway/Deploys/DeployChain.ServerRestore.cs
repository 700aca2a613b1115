using Slipway.Backups.PgBackRest;
using Slipway.Settings;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    private async Task RestoreServerAsync(
        string? id,
        string? at,
        string? to,
        string? onlyTable,
        CancellationToken cancellationToken
    )
    {
        var target = at is null ? RestoreTarget.Consistent : PointInTime.Parse(at);
        RefuseInPlace(to, onlyTable);
        var database = (await OpenAsync(cancellationToken)).Environment.Database.Url.Database;
        Servers(Parts);
        var isFolder = to!.Contains('/', StringComparison.Ordinal);
        var place = isFolder ? Path.GetFullPath(to, options.Root) : to;
        var point = at is null
            ? $"--backup {id}"
            : $"--at {(at.Contains(' ', StringComparison.Ordinal) ? $"\"{at}\"" : at)}";
        var next = Next("Restore", $"{point} --to {to}{(onlyTable is null ? "" : $" --only-table {onlyTable}")}");
        await OperateAsync(
            "Restore",
            (_, token) =>
                isFolder
                    ? ServerToFolderAsync(id, target, place, next, token)
                    : ServerToDatabaseAsync(id, target, place, onlyTable, next, token),
            $"restore the server as of {target} to {(isFolder ? $"the folder {place}" : $"a copy, and database {database} from there to a new database {place}")}",
            // A folder needs no live server, which may be what was lost.
            locks: !isFolder,
            cancellationToken
        );
    }

    private async Task<StepReport> ServerToFolderAsync(
        string? id,
        RestoreTarget target,
        string folder,
        string next,
        CancellationToken cancellationToken
    )
    {
        var servers = Servers(Parts);
        var wasThere = Directory.Exists(folder);
        PgBackRestBackup? from = null;
        await ToldAsync(
            next,
            () =>
                $"the live server is as it was; {(Directory.Exists(folder) && !wasThere ? $"what is in {folder} must not be used: rm -rf {folder}" : "nothing was restored")}",
            async () =>
            {
                var label = id is null ? null : await LabelAsync(servers, id, cancellationToken);
                from = await new ServerRestore(servers.Engine, servers.Scratch, processes, Output).ToFolderAsync(
                    target,
                    label,
                    folder,
                    cancellationToken
                );
            }
        );
        return await FolderReportAsync(from!, target, folder, servers.Engine.Settings, cancellationToken);
    }

    private async Task<StepReport> ServerToDatabaseAsync(
        string? id,
        RestoreTarget target,
        string to,
        string? onlyTable,
        string next,
        CancellationToken cancellationToken
    )
    {
        var servers = Servers(Parts);
        PgBackRestBackup? from = null;
        await ToldAsync(
            next,
            () => "the live server is as it was, and nothing of the copy is left",
            async () =>
            {
                var label = id is null ? null : await LabelAsync(servers, id, cancellationToken);
                from = await new ServerRestore(servers.Engine, servers.Scratch, processes, Output).ToDatabaseAsync(
                    target,
                    label,
                    Parts.Environment.Database.Url,
                    to,
                    onlyTable,
                    cancellationToken
                );
            }
        );
        return DatabaseReport(from!, target, to, onlyTable);
    }

    private async Task<StepReport> FolderReportAsync(
        PgBackRestBackup from,
        RestoreTarget target,
        string folder,
        PgBackRestSettings settings,
        CancellationToken cancellationToken
    )
    {
        var major = (await File.ReadAllTextAsync(Path.Combine(folder, "PG_VERSION"), cancellationToken)).Trim();
        var spaces = $"{folder}-tablespaces";
        var restored = new RestoredFolder(
            folder,
            target,
            from.Label,
            settings.DataFolder,
            settings.Port,
            $"/usr/lib/postgresql/{major}/bin"
        )
        {
            HasConfiguration = File.Exists(Path.Combine(folder, "postgresql.conf")),
            PreloadLibraries = Servers(Parts).Scratch.PreloadLibraries,
            Tablespaces = Directory.Exists(spaces) ? spaces : null,
        };
        Output.Line(restored.Text(options.Environment));
        return StepReport.Done(
            $"the server as of {target} is in {folder}",
            new("server backup", from.Label),
            new("point", $"{target}"),
            new("folder", folder)
        );
    }

    private StepReport DatabaseReport(PgBackRestBackup from, RestoreTarget target, string to, string? onlyTable)
    {
        var database = Parts.Environment.Database.Url.Database;
        Output.Line($"  database {database} was not touched; compare, and copy what you need from {to}");
        Output.Line(
            $"  when nobody needs it any more: DROP DATABASE \"{to.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        );
        return StepReport.Done(
            $"{(onlyTable is null ? $"database {database}" : $"table {onlyTable}")} as of {target} is in database {to}",
            new("server backup", from.Label),
            new("point", $"{target}"),
            new("database", to)
        );
    }

    private void RefuseInPlace(string? to, string? onlyTable)
    {
        if (to is null || (onlyTable is not null && to.Contains('/', StringComparison.Ordinal)))
        {
            throw new SlipwayException(
                to is null
                    ? "A server is restored beside the live one, never in its place, and --to does not say where to"
                    : $"Table {onlyTable} alone cannot be restored to a folder: that holds the files of the whole server",
                $"its database to a new one: --to NEW_DATABASE (--only-table of one table); the whole server: --to /FOLDER, such as ./build.sh Restore --env {options.Environment} --at latest --to NEW_DATABASE",
                ExitCode.BadInput
            );
        }
    }

    private async Task<ExitCode> PruneServerAsync(CancellationToken cancellationToken)
    {
        if (Parts.Servers is not { } servers)
        {
            return ExitCode.Done;
        }

        var result = ExitCode.Done;
        await ToldAsync(Next("BackupPrune"), "no backup of the server was removed", PruneAsync);
        return result;

        async Task PruneAsync()
        {
            var plan = await servers.PlanExpiryAsync(cancellationToken);
            Output.Line(
                $"  pgBackRest {(plan.Removed.Count == 0 ? "removes nothing" : $"{(plan.Refusal is null ? "removes" : "would remove")} {string.Join(", ", plan.Removed)}")} and keeps {(plan.Kept.Count == 0 ? "none" : string.Join(", ", plan.Kept))}"
            );
            if (plan.Refusal is { } refusal)
            {
                Output.Warn(
                    $"none of them is removed: {refusal}. First: ./build.sh BackupVerify --env {options.Environment} --engine {PgBackRest} --verify-level 2"
                );
                result = ExitCode.Refused;
            }
            else if (!options.DryRun && plan.Removed.Count + plan.Kept.Count > 0)
            {
                // Also without a backup that goes: write-ahead log before the oldest one does.
                await servers.ExpireAsync(cancellationToken);
            }
        }
    }
}

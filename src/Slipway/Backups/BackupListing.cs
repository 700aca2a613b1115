using Slipway.Backups.PgBackRest;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups;

/// <summary>Prints the backups of an environment.</summary>
public sealed class BackupListing(BackupCatalog catalog, RunOutput output)
{
    /// <summary>The backups of the whole server; null when none are taken.</summary>
    public ServerBackups? Servers { get; init; }

    /// <summary>Prints them, as a table or as JSON.</summary>
    /// <exception cref="SlipwayException">The server's cannot be seen; the others were printed.</exception>
    public async Task RunAsync(bool json, CancellationToken cancellationToken)
    {
        var backups = await catalog.ListAsync(cancellationToken);
        try
        {
            Print(backups, await ServersAsync(cancellationToken), json);
        }
        catch (SlipwayException)
        {
            Print(backups, ServerBackupList.None, json);
            throw;
        }
    }

    private void Print(IReadOnlyList<StoredBackup> backups, ServerBackupList servers, bool json)
    {
        var now = output.Time.GetUtcNow();
        var text = json
            ? BackupList.Json(backups, servers, now)
            : BackupList.Text(backups, servers, now, output.Time.LocalTimeZone);
        output.Line(text.TrimEnd('\n'));
    }

    private async Task<ServerBackupList> ServersAsync(CancellationToken cancellationToken)
    {
        if (Servers is null)
        {
            return ServerBackupList.None;
        }

        var info = await Servers.Engine.InfoAsync(cancellationToken);
        var proofs = await Servers.ProofsAsync(cancellationToken);
        return new(catalog.Environment, info.IsEncrypted, ServerBackups.With(info, proofs));
    }
}

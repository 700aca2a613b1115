using Slipway.Runs;

namespace Slipway.Backups;

/// <summary>Prints the backups of an environment.</summary>
public sealed class BackupListing(BackupCatalog catalog, RunOutput output)
{
    /// <summary>Prints them, as a table or as JSON.</summary>
    public async Task RunAsync(bool json, CancellationToken cancellationToken)
    {
        var backups = await catalog.ListAsync(cancellationToken);
        var now = output.Time.GetUtcNow();
        var text = json ? BackupList.Json(backups, now) : BackupList.Text(backups, now, output.Time.LocalTimeZone);
        output.Line(text.TrimEnd('\n'));
    }
}
